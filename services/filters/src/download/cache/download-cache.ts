import { createHmac } from 'node:crypto'
import { open, rm, utimes } from 'node:fs/promises'
import type { Content } from '../body/block-buffer.js'
import { readWholeFile } from '../read-whole-file.js'
import type { Entry } from './entry.js'
import { cacheFolder, makeFolder, readFolder, readSecret, replaceFile, type CacheFolder } from './folder.js'

/** What a cache key stands for in events: its name and its size in bytes. */
export interface Evicted {
  readonly key: string
  readonly size: number
}

/** What the cache is told of a content besides its bytes. */
export type EntryFacts = Pick<Entry, 'finalUrl' | 'headers' | 'freshUntil'>

interface Index {
  readonly secret: Buffer
  /** Least recently used first. */
  readonly entries: Map<string, Entry>
  total: number
}

/**
 * Contents of sources on disk, the least recently used of which go when they are more than `maxBytes`. A crash at any point leaves either the
 * old content, or the new one, or none: what is read is checked against its hash. A folder is meant for one downloader at a time; when two
 * share it, each keeps its own count of the size.
 */
export class DownloadCache {
  readonly #root: string
  readonly #folder: CacheFolder
  readonly #maxBytes: number
  readonly #now: () => number
  #index: Promise<Index> | undefined

  constructor(root: string, maxBytes: number, now: () => number) {
    this.#root = root
    this.#folder = cacheFolder(root)
    this.#maxBytes = maxBytes
    this.#now = now
  }

  /** The name under which a URL is kept: in hex, of 64 digits, and no clue to the URL. */
  async keyOf(url: string): Promise<string> {
    const { secret } = await this.#open()
    return createHmac('sha256', secret).update(url).digest('hex')
  }

  async find(key: string): Promise<Entry | undefined> {
    return (await this.#open()).entries.get(key)
  }

  /** The content of an entry, which counts as a use; undefined, and the entry is gone, when it is not what it was when it was written. */
  async read(key: string, entry: Entry, signal: AbortSignal): Promise<Content | undefined> {
    const content = await this.#readContent(key, entry, signal).catch((error: unknown) => {
      signal.throwIfAborted()
      if (error instanceof Error && 'code' in error) return undefined
      throw error
    })
    if (content?.sha256 !== entry.sha256) {
      await this.remove(key)
      return undefined
    }
    const { entries } = await this.#open()
    if (entries.get(key) === entry) {
      entries.delete(key)
      entries.set(key, entry)
    }
    const used = this.#now() / 1000
    await utimes(this.#folder.entry(key), used, used).catch(() => undefined)
    return content
  }

  /**
   * Keeps a content and gives what had to go for it; undefined when it is larger than the whole cache.
   *
   * @throws Error of the file system, when it can't be written
   */
  async write(key: string, { bytes, sha256 }: Content, facts: EntryFacts): Promise<readonly Evicted[] | undefined> {
    if (bytes.length > this.#maxBytes) return undefined
    const index = await this.#open()
    const old = index.entries.get(key)
    const entry: Entry = { version: 1, sha256, size: bytes.length, ...facts }
    if (old?.sha256 !== sha256) await replaceFile(this.#folder.content(key, sha256), bytes, this.#folder.temporary())
    await this.#writeEntry(key, entry)
    const replaced = index.entries.get(key)
    index.entries.delete(key)
    index.entries.set(key, entry)
    index.total += entry.size - (replaced?.size ?? 0)
    if (old !== undefined && old.sha256 !== sha256) await rm(this.#folder.content(key, old.sha256), { force: true })
    return this.#evict(index, key)
  }

  /** Notes what the server said of a content that has not changed. */
  async renew(key: string, entry: Entry, facts: EntryFacts): Promise<void> {
    const { entries } = await this.#open()
    const renewed = { ...entry, ...facts }
    await this.#writeEntry(key, renewed)
    if (!entries.has(key)) return
    entries.delete(key)
    entries.set(key, renewed)
  }

  async remove(key: string): Promise<void> {
    const index = await this.#open()
    const entry = index.entries.get(key)
    if (entry === undefined) return
    index.entries.delete(key)
    index.total -= entry.size
    await rm(this.#folder.entry(key), { force: true })
    await rm(this.#folder.content(key, entry.sha256), { force: true })
  }

  async #evict(index: Index, written: string): Promise<readonly Evicted[]> {
    const evicted: Evicted[] = []
    for (const [key, { size }] of index.entries) {
      if (index.total <= this.#maxBytes) break
      if (key === written) continue
      await this.remove(key)
      evicted.push({ key, size })
    }
    return evicted
  }

  async #writeEntry(key: string, entry: Entry): Promise<void> {
    await replaceFile(this.#folder.entry(key), JSON.stringify(entry), this.#folder.temporary())
  }

  async #readContent(key: string, entry: Entry, signal: AbortSignal): Promise<Content> {
    const file = await open(this.#folder.content(key, entry.sha256))
    try {
      return await readWholeFile(file, entry.size, signal)
    } finally {
      await file.close()
    }
  }

  #open(): Promise<Index> {
    this.#index ??= this.#load().catch((error: unknown) => {
      // The next one tries again: the disk may have been full.
      this.#index = undefined
      throw error
    })
    return this.#index
  }

  async #load(): Promise<Index> {
    await makeFolder(this.#root)
    const secret = await readSecret(this.#root)
    const kept = [...(await readFolder(this.#root, this.#now()))].sort((one, other) => one.usedAt - other.usedAt)
    return {
      secret,
      entries: new Map(kept.map(({ key, entry }) => [key, entry])),
      total: kept.reduce((sum, { entry }) => sum + entry.size, 0),
    }
  }
}
