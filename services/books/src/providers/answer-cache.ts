import { createHash } from 'node:crypto'
import type { KeyValueStore } from '@headway/core'
import type { Json } from '@headway/protocol'
import { z } from 'zod'
import { bookSchema, PROVIDER_NAMES } from '../book.js'
import type { BookQuery, ProviderName } from '../book.js'
import { fold } from '../catalog/fold.js'
import type { Part } from './decide.js'

/** Raised when what is kept changes its shape. */
const VERSION = 2

/** The part of the store that caches use. */
export type CacheStore = Pick<KeyValueStore, 'get' | 'set' | 'delete'>

const candidateSchema = z.object({ book: bookSchema, confidence: z.number() })
const keptSchema = z.object({
  /** Whose answer it is: others have the same place. */
  key: z.string(),
  book: bookSchema.optional(),
  candidates: z.array(candidateSchema).optional(),
  sources: z.record(z.string(), z.enum(PROVIDER_NAMES)).optional(),
})

/**
 * What providers answered, kept in the store for a time. Every query has one of a fixed number of places, where it takes the place of what was
 * there before: whatever is asked, no more is kept. A store that fails holds nobody up.
 */
export class AnswerCache {
  readonly #store: CacheStore
  readonly #prefix: string
  readonly #places: number

  /**
   * @param providers who is asked: an answer says what these know, and not what others may know
   * @param places how many answers are kept at most
   */
  constructor(store: CacheStore, providers: readonly ProviderName[], places: number) {
    this.#store = store
    this.#prefix = `books:answer:${String(VERSION)}:${providers.join('+')}:`
    this.#places = places
  }

  /** Undefined: nothing is kept. A part without a book and candidates: nobody knows it. */
  async get(query: BookQuery): Promise<Part | undefined> {
    const found = await this.#store.get(this.#placeOf(query)).catch(() => undefined)
    const { data } = keptSchema.safeParse(found?.value)
    if (data?.key !== keyOf(query)) return undefined
    const { key: _, ...part } = data
    return part as Part
  }

  async set(query: BookQuery, part: Part, ttlMs: number): Promise<void> {
    const kept = { ...part, key: keyOf(query) } as object as Json
    await this.#store.set(this.#placeOf(query), kept, { ttlMs }).catch(() => undefined)
  }

  async delete(query: BookQuery): Promise<void> {
    await this.#store.delete(this.#placeOf(query)).catch(() => false)
  }

  #placeOf(query: BookQuery): string {
    const place = createHash('sha256').update(keyOf(query)).digest().readUInt32BE() % this.#places
    return this.#prefix + String(place)
  }
}

/** Queries with the same key mean the same. */
export function keyOf(query: BookQuery): string {
  if ('isbn' in query) return `isbn:${query.isbn}`
  const text = JSON.stringify([fold(query.title), fold(query.author ?? '')])
  return `title:${createHash('sha256').update(text).digest('base64url')}`
}
