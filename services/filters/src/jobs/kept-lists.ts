import { randomUUID } from 'node:crypto'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Evicted } from '../disk-cache/index.js'
import type { ComputationEvent } from './event-history.js'
import { RULES_FILE, TEXT_FILE } from './list-store.js'
import type { KeptList, ListStore, PreviousList } from './list-store.js'

/** A kept list as files of the computation's own folder. */
export interface TakenList {
  readonly meta: KeptList
  /** In bytes. */
  readonly size: number
  readonly rulesFile: string
  readonly textFile: string
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

  async take(key: string): Promise<TakenList | undefined> {
    // Its files are other names of those in the cache: nothing may be written over them.
    const into = await this.#folderFor('kept')
    const found = await this.#trying('A kept result cannot be read; the list is compiled again.', () => this.#lists.results.take(key, into))
    return found && { meta: found.meta, size: found.size, rulesFile: join(into, RULES_FILE), textFile: join(into, TEXT_FILE) }
  }

  /** The files are not to be written to any more. */
  async keep(key: string, meta: KeptList, rulesFile: string, textFile: string): Promise<void> {
    const files = { [RULES_FILE]: rulesFile, [TEXT_FILE]: textFile }
    const put = await this.#trying('The result cannot be kept.', () => this.#lists.results.put(key, meta, files))
    if (put === undefined) return
    for (const gone of put.evicted) this.#evict(gone)
    if (put.kept) this.#say('write', key, put.size)
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

const NO_PREVIOUS = 'The list before this one cannot be read; there is nothing to compare with.'
