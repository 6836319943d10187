import { randomUUID } from 'node:crypto'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Evicted } from '../disk-cache/index.js'
import type { ComputationEvent } from './event-history.js'
import { RULES_FILE, TEXT_FILE, variantKeys } from './list-store.js'
import type { KeptList, ListStore, PreviousList } from './list-store.js'

/** A kept list as files of the computation's own folder. */
export interface TakenList {
  readonly meta: KeptList
  /** In bytes. */
  readonly size: number
  readonly rulesFile: string
  readonly textFile: string
}

/** One result of a request, before its files are taken. */
export interface Variant {
  /** What it is kept under. */
  readonly key: string
  readonly meta: KeptList
}

/** The list of a name before this one. */
export interface TakenPrevious {
  readonly file: string
  readonly compiledAt: string
}

/**
 * The list store as a computation uses it: it tells what the caches do, and a cache that fails is told of and done without, for a list can
 * always be compiled again.
 */
export class KeptLists {
  readonly #lists: ListStore
  readonly #folder: string
  readonly #tell: (event: ComputationEvent) => void

  /** @param folder of the computation; what is taken is linked there */
  constructor(lists: ListStore, folder: string, tell: (event: ComputationEvent) => void) {
    this.#lists = lists
    this.#folder = folder
    this.#tell = tell
  }

  hit(key: string, { size }: TakenList): void {
    this.#say('hit', key, size)
  }

  miss(key: string): void {
    this.#say('miss', key)
  }

  /** The results of a request that are kept, each of other content of its sources; the newest first. */
  async variants(key: string): Promise<readonly Variant[]> {
    const variants: Variant[] = []
    const looks = variantKeys(key).map(async (at) => {
      const meta = (await this.#lists.results.find(at))?.meta
      if (meta !== undefined) variants.push({ key: at, meta })
    })
    // All of them are looked for, and a failure is told of once.
    await Promise.allSettled(looks)
    await this.#trying(UNREADABLE, () => Promise.all(looks))
    return variants.toSorted((a, b) => (a.meta.compiledAt < b.meta.compiledAt ? 1 : -1))
  }

  /** Undefined when it is gone by now, or another one. */
  async take({ key, meta }: Variant): Promise<TakenList | undefined> {
    // Its files are other names of those in the cache: nothing may be written over them.
    const into = await this.#folderFor('kept')
    const found = await this.#trying(UNREADABLE, () => this.#lists.results.take(key, into))
    if (found?.meta.id !== meta.id) return undefined
    return { meta: found.meta, size: found.size, rulesFile: join(into, RULES_FILE), textFile: join(into, TEXT_FILE) }
  }

  /**
   * Keeps a result in the place of the oldest, where there is no other.
   *
   * @param variants that there were before
   * @param rulesFile not to be written to any more, as the other
   */
  async keep(key: string, variants: readonly Variant[], meta: KeptList, rulesFile: string, textFile: string): Promise<void> {
    const files = { [RULES_FILE]: rulesFile, [TEXT_FILE]: textFile }
    const place = placeFor(meta, variantKeys(key), variants)
    const put = await this.#trying('The result cannot be kept.', () => this.#lists.results.put(place, meta, files))
    if (put === undefined) return
    for (const gone of put.evicted) this.#evict(gone)
    if (put.kept) this.#say('write', place, put.size)
  }

  peekPrevious(key: string): Promise<PreviousList | undefined> {
    return this.#trying(NO_PREVIOUS, async () => (await this.#lists.previous.find(key))?.meta)
  }

  /** The previous list of the same name, as a file that is this computation's own. */
  async takePrevious(key: string): Promise<TakenPrevious | undefined> {
    const into = await this.#folderFor('previous')
    const found = await this.#trying(NO_PREVIOUS, () => this.#lists.previous.take(key, into))
    return found && { file: join(into, TEXT_FILE), compiledAt: found.meta.compiledAt }
  }

  async keepPrevious(key: string, meta: PreviousList, textFile: string): Promise<void> {
    const files = { [TEXT_FILE]: textFile }
    await this.#trying('The list cannot be kept for the next comparison.', () => this.#lists.previous.put(key, meta, files))
  }

  async #folderFor(name: string): Promise<string> {
    const folder = join(this.#folder, name)
    await mkdir(folder, { recursive: true })
    return folder
  }

  async #trying<T>(message: string, work: () => Promise<T>): Promise<T | undefined> {
    try {
      return await work()
    } catch (error) {
      // Only its code is told: the message has paths of this server.
      const reason = error instanceof Error && 'code' in error ? String(error.code) : 'unknown'
      const data = { eventId: randomUUID(), timestamp: new Date().toISOString(), category: 'cache', severity: 'warn' } as const
      this.#tell({ type: 'diagnostic', data: { ...data, message, metadata: { reason } } })
      return undefined
    }
  }

  #evict({ key, size }: Evicted): void {
    this.#say('evict', key, size)
  }

  #say(operation: 'hit' | 'miss' | 'write' | 'evict', key: string, size?: number): void {
    const data = { eventId: randomUUID(), category: 'cache', operation, key, ...(size !== undefined && { size }) } as const
    this.#tell({ type: 'cache', data })
  }
}

/** The place of what is there of the same content, a free one, or that of the oldest. */
function placeFor({ loads }: KeptList, keys: readonly string[], variants: readonly Variant[]): string {
  const content = contentOf(loads)
  const same = variants.find(({ meta }) => contentOf(meta.loads) === content)
  const free = keys.find((key) => variants.every((variant) => variant.key !== key))
  return same?.key ?? free ?? (variants.at(-1)?.key as string)
}

function contentOf(loads: KeptList['loads']): string {
  return loads
    .map(({ id, sha256 }) => `${sha256} ${id}`)
    .toSorted()
    .join('\n')
}

const UNREADABLE = 'A kept result cannot be read; the list is compiled again.'
const NO_PREVIOUS = 'The list before this one cannot be read; there is nothing to compare with.'
