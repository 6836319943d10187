import { join } from 'node:path'
import type { z } from 'zod'
import { CacheFolder, FILE_NAME, KEY, linkOrCopy, storedText, type FileSource } from './cache-folder.js'
import { diskBytesOf, LruIndex, sizeOf, type Evicted, type IndexEntry } from './lru-index.js'

/** An entry that was found. */
interface Kept<Meta> {
  /** Tells it from what is kept under the same key later. */
  readonly id: string
  readonly meta: Meta
  /** Of its files together, in bytes. */
  readonly size: number
}

/** What became of an entry that was to be kept. */
export interface PutResult {
  /** False: it alone is larger than the whole cache. */
  readonly kept: boolean
  readonly size: number
  readonly evicted: readonly Evicted[]
}

interface DiskCacheOptions<Meta> {
  readonly folder: string
  /** What the cache may take on the disk, metadata included and each file rounded up to 4 KiB. */
  readonly maxBytes: number
  /** {@link MAX_ENTRIES} by default. */
  readonly maxEntries?: number
  readonly schema: z.ZodType<Meta>
  /** Whether entries are trusted to be what was written, also after a loss of power. Who checks what is read does not need it. */
  readonly durable: boolean
  /** At the start, files that belong to nothing are removed when they are this old: another process may be writing them. Default 0. */
  readonly leftoverMs?: number
}

/** The most entries of one cache: each takes a little memory, too. */
const MAX_ENTRIES = 20_000

/** An entry was not whole; it is forgotten, and all else works as before. */
export class BrokenEntryError extends Error {
  readonly code = 'ENTRY_BROKEN'

  constructor() {
    super('An entry of the cache was not whole; it was removed.')
  }
}

/**
 * Files under keys, with a small JSON value each, in a folder of bounded size: what was not used for the longest time goes first. An entry is
 * there with all of its files or not at all, also after a crash. What fails leaves nothing behind, and does not hinder what comes next.
 */
export class DiskCache<Meta> {
  readonly #folder: CacheFolder
  readonly #options: DiskCacheOptions<Meta>
  #index: Promise<LruIndex> | undefined
  #work: Promise<unknown> = Promise.resolve()

  constructor(options: DiskCacheOptions<Meta>) {
    this.#options = options
    this.#folder = new CacheFolder(options.folder, options.durable)
  }

  /** Reads the folder, which is made where it is missing. Every other method does so where it is still to be done. */
  async open(): Promise<void> {
    await this.#open()
  }

  /** What all entries take on the disk, in bytes. */
  async diskBytes(): Promise<number> {
    return (await this.#open()).diskBytes
  }

  /** The path of one file of an entry; the entry may go at any time. */
  pathOf(key: string, id: string, name: string): string {
    return this.#folder.file(key, id, name)
  }

  /** A path for a file that is still to be put in; who made it removes it. */
  temporary(): string {
    return this.#folder.temporary()
  }

  /** An entry without its files. @throws BrokenEntryError */
  find(key: string): Promise<Kept<Meta> | undefined> {
    return this.#alone(async (index) => {
      const entry = index.get(key)
      return entry && this.#read(index, key, entry)
    })
  }

  /**
   * Gives an entry, with its files linked into `into` under their names, where nobody removes them. They are not to be written to.
   *
   * @throws BrokenEntryError
   */
  take(key: string, into: string): Promise<Kept<Meta> | undefined> {
    return this.#alone(async (index) => {
      const entry = index.get(key)
      if (entry === undefined) return undefined
      const kept = await this.#read(index, key, entry)
      for (const name of Object.keys(entry.files)) {
        await linkOrCopy(this.#folder.file(key, entry.id, name), join(into, name)).catch((error: unknown) =>
          isMissing(error) ? this.#broken(index, key, entry) : Promise.reject(error as Error),
        )
      }
      await this.#used(index, key, entry)
      return kept
    })
  }

  /** Notes that an entry was used. */
  used(key: string, id: string): Promise<void> {
    return this.#alone(async (index) => {
      const entry = index.get(key)
      if (entry?.id === id) await this.#used(index, key, entry)
    })
  }

  /**
   * Keeps files under a key, in the place of what was there. What alone is larger than the cache is not kept, and what was there goes.
   *
   * @param files by name; those that are given as paths are not to be written to any more: they may be linked
   * @param signal asked until the last moment: what nobody wants any more does not take the place of what came after it
   * @throws Error of the file system; the signal's reason
   */
  async put(key: string, meta: Meta, files: Readonly<Record<string, FileSource>>, signal?: AbortSignal): Promise<PutResult> {
    if (!KEY.test(key)) throw new TypeError('A key is a SHA-256 in hex.')
    if (!Object.keys(files).every((name) => FILE_NAME.test(name))) throw new TypeError('The name of a file is made of a to z.')
    await this.#open()
    await this.#folder.make()
    const placed = await this.#folder.place(key, files)
    try {
      return await this.#alone((index) => {
        signal?.throwIfAborted()
        return this.#putIn(index, key, placed, meta)
      })
    } catch (error) {
      await this.#folder.removeFiles(key, placed)
      throw error
    }
  }

  /** Gives an entry another value. @returns whether that entry was still there */
  renew(key: string, id: string, meta: Meta): Promise<boolean> {
    return this.#alone(async (index) => {
      const entry = index.get(key)
      if (entry?.id !== id) return false
      const text = storedText(id, meta, entry.files)
      await this.#folder.name(key, text)
      index.set(key, { ...entry, diskBytes: diskBytesWith(text, entry.files) })
      await this.#evict(index, 0, 0, key)
      return true
    })
  }

  /** @param id only this one, and not what may be there by now; absent: whatever is there */
  remove(key: string, id?: string): Promise<boolean> {
    return this.#alone(async (index) => {
      const entry = index.get(key)
      if (entry === undefined || (id !== undefined && entry.id !== id)) return false
      await this.#remove(index, key, entry)
      return true
    })
  }

  async #putIn(index: LruIndex, key: string, placed: Pick<IndexEntry, 'id' | 'files'>, meta: Meta): Promise<PutResult> {
    const text = storedText(placed.id, meta, placed.files)
    const diskBytes = diskBytesWith(text, placed.files)
    const size = sizeOf(placed)
    const old = index.get(key)
    if (diskBytes > this.#options.maxBytes) {
      if (old !== undefined) await this.#remove(index, key, old)
      await this.#folder.removeFiles(key, placed)
      return { kept: false, size, evicted: [] }
    }
    const evicted = await this.#evict(index, diskBytes - (old?.diskBytes ?? 0), old === undefined ? 1 : 0, key)
    await this.#folder.name(key, text)
    index.set(key, { ...placed, diskBytes })
    if (old !== undefined) await this.#folder.removeFiles(key, old)
    return { kept: true, size, evicted }
  }

  /** Makes room for so many bytes and entries more; the entry under `spared` stays. */
  async #evict(index: LruIndex, bytes: number, count: number, spared: string): Promise<readonly Evicted[]> {
    const { maxBytes, maxEntries = MAX_ENTRIES } = this.#options
    const evicted: Evicted[] = []
    while (index.diskBytes + bytes > maxBytes || index.count + count > maxEntries) {
      const victim = index.oldest(spared)
      if (victim === undefined) break
      evicted.push({ key: victim.key, size: sizeOf(victim.entry) })
      await this.#remove(index, victim.key, victim.entry)
    }
    return evicted
  }

  async #read(index: LruIndex, key: string, entry: IndexEntry): Promise<Kept<Meta>> {
    try {
      const { id, meta } = await this.#folder.read(key)
      if (id === entry.id) return { id, meta: this.#options.schema.parse(meta), size: sizeOf(entry) }
    } catch {
      // What an older version wrote, or somebody else changed or removed.
    }
    return this.#broken(index, key, entry)
  }

  async #broken(index: LruIndex, key: string, entry: IndexEntry): Promise<never> {
    await this.#remove(index, key, entry)
    throw new BrokenEntryError()
  }

  async #used(index: LruIndex, key: string, entry: IndexEntry): Promise<void> {
    index.set(key, entry)
    await this.#folder.touch(key, new Date())
  }

  /** It is forgotten first: a file that can't be removed now is removed at the next start. */
  async #remove(index: LruIndex, key: string, entry: IndexEntry): Promise<void> {
    index.delete(key)
    await this.#folder.remove(key, entry).catch(() => undefined)
  }

  #open(): Promise<LruIndex> {
    this.#index ??= this.#load().catch((error: unknown) => {
      // The next one tries again: the disk may have been full.
      this.#index = undefined
      throw error
    })
    return this.#index
  }

  async #load(): Promise<LruIndex> {
    await this.#folder.make()
    const index = new LruIndex()
    for (const [key, entry] of await this.#folder.readAll(this.#options.leftoverMs ?? 0)) index.set(key, entry)
    await this.#evict(index, 0, 0, '')
    return index
  }

  /** One at a time: a folder is no database. Files are written before, so nothing here takes long. */
  async #alone<T>(work: (index: LruIndex) => Promise<T>): Promise<T> {
    const index = await this.#open()
    const done = this.#work.then(() => work(index))
    this.#work = done.catch(() => undefined)
    return done
  }
}

function diskBytesWith(text: string, files: Readonly<Record<string, number>>): number {
  return diskBytesOf([...Object.values(files), Buffer.byteLength(text)])
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT'
}
