import { createHash } from 'node:crypto'
import type { KeyValueStore } from '@headway/core'
import type { Json } from '@headway/protocol'
import { z } from 'zod'
import { bookSchema, PROVIDER_NAMES } from '../book.js'
import type { BookQuery, ProviderName } from '../book.js'
import { fold } from '../catalog/fold.js'
import type { Part } from './decide.js'

/** Raised when what is kept changes its shape. */
const VERSION = 1

/** The part of the store that caches use. */
export type CacheStore = Pick<KeyValueStore, 'get' | 'set' | 'delete'>

const candidateSchema = z.object({ book: bookSchema, confidence: z.number() })
const partSchema = z.object({
  book: bookSchema.optional(),
  candidates: z.array(candidateSchema).optional(),
  sources: z.record(z.string(), z.enum(PROVIDER_NAMES)).optional(),
})

/** What providers answered, kept in the store for a time. A store that fails holds nobody up. */
export class AnswerCache {
  readonly #store: CacheStore
  readonly #prefix: string

  /** @param providers who is asked: an answer says what these know, and not what others may know */
  constructor(store: CacheStore, providers: readonly ProviderName[]) {
    this.#store = store
    this.#prefix = `books:answer:${String(VERSION)}:${providers.join('+')}:`
  }

  /** Undefined: nothing is kept. A part without a book and candidates: nobody knows it. */
  async get(query: BookQuery): Promise<Part | undefined> {
    const found = await this.#store.get(this.#key(query)).catch(() => undefined)
    const { data } = partSchema.safeParse(found?.value)
    return data as Part | undefined
  }

  async set(query: BookQuery, part: Part, ttlMs: number): Promise<void> {
    await this.#store.set(this.#key(query), part as Json, { ttlMs }).catch(() => undefined)
  }

  async delete(query: BookQuery): Promise<void> {
    await this.#store.delete(this.#key(query)).catch(() => false)
  }

  #key(query: BookQuery): string {
    return this.#prefix + keyOf(query)
  }
}

/** Queries with the same key mean the same. */
export function keyOf(query: BookQuery): string {
  if ('isbn' in query) return `isbn:${query.isbn}`
  const text = JSON.stringify([fold(query.title), fold(query.author ?? '')])
  return `title:${createHash('sha256').update(text).digest('base64url')}`
}
