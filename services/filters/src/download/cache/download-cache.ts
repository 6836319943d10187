import { createHmac } from 'node:crypto'
import { open } from 'node:fs/promises'
import { join } from 'node:path'
import { BrokenEntryError, DiskCache, type PutResult } from '../../disk-cache/index.js'
import type { Content } from '../body/block-buffer.js'
import { readWholeFile } from '../read-whole-file.js'
import { Entry, type Copy } from './entry.js'
import { readSecret } from './secret.js'

/** What the cache is told of a content besides its bytes. */
export type EntryFacts = Omit<Entry, 'version' | 'sha256'>

/** Why a copy can't be read: it is not what it was when it was written, or others removed or replaced it. */
type Unreadable = 'damaged' | 'gone'

/** Files that belong to nothing are deleted only when they are this old: another process may be writing them. */
const LEFTOVER_MS = 60 * 60 * 1000
const CONTENT_FILE = 'content'

/**
 * Contents of sources on disk, the least recently used of which go when they are too much. A crash at any point leaves either the old content,
 * or the new one, or none: what is read is checked against its hash. A folder is meant for one downloader at a time; when two share it, each
 * keeps its own count of the size.
 */
export class DownloadCache {
  readonly #root: string
  readonly #disk: DiskCache<Entry>
  #secret: Promise<Buffer> | undefined

  /** @param maxBytes on the disk, see `DiskCache` */
  constructor(root: string, maxBytes: number) {
    this.#root = root
    this.#disk = new DiskCache({ folder: join(root, 'sources'), maxBytes, schema: Entry, durable: false, leftoverMs: LEFTOVER_MS })
  }

  /** The name under which a URL is kept: in hex, of 64 digits, and no clue to the URL. */
  async keyOf(url: string): Promise<string> {
    await this.#disk.open()
    this.#secret ??= readSecret(this.#root).catch((error: unknown) => {
      this.#secret = undefined
      throw error
    })
    return createHmac('sha256', await this.#secret)
      .update(url)
      .digest('hex')
  }

  /** A path for a file that is given to `write`; who made it removes it. */
  temporary(): string {
    return this.#disk.temporary()
  }

  async find(key: string): Promise<Copy | undefined> {
    try {
      const kept = await this.#disk.find(key)
      return kept && { ...kept.meta, id: kept.id, size: kept.size }
    } catch (error) {
      // It is forgotten, so there is none.
      if (error instanceof BrokenEntryError) return undefined
      throw error
    }
  }

  /** Counts as a use. A copy that is damaged is gone afterwards. */
  async read(key: string, copy: Copy, signal: AbortSignal): Promise<Content | Unreadable> {
    const content = await this.#readContent(key, copy, signal).catch((error: unknown) => {
      signal.throwIfAborted()
      if (error instanceof Error && 'code' in error) return undefined
      throw error
    })
    if (content?.sha256 !== copy.sha256) return (await this.#disk.remove(key, copy.id)) ? 'damaged' : 'gone'
    await this.used(key, copy)
    return content
  }

  /** Notes that a copy was used. */
  async used(key: string, copy: Copy): Promise<void> {
    await this.#disk.used(key, copy.id)
  }

  /**
   * Keeps a content in the place of what was there.
   *
   * @param content the bytes, or the path of a file with them
   * @param signal what nobody waits for any more is not kept: it may be older than what is there
   * @throws Error of the file system, when it can't be written; the signal's reason
   */
  write(key: string, content: Uint8Array | string, sha256: string, facts: EntryFacts, signal: AbortSignal): Promise<PutResult> {
    return this.#disk.put(key, { version: 2, sha256, ...facts }, { [CONTENT_FILE]: content }, signal)
  }

  /** Notes what the server said of a content that has not changed; unless it was replaced in the meantime. */
  async renew(key: string, { version, sha256, id }: Copy, facts: EntryFacts): Promise<void> {
    await this.#disk.renew(key, id, { version, sha256, ...facts })
  }

  async remove(key: string): Promise<void> {
    await this.#disk.remove(key)
  }

  async #readContent(key: string, { id, size }: Copy, signal: AbortSignal): Promise<Content> {
    const file = await open(this.#disk.pathOf(key, id, CONTENT_FILE))
    try {
      return await readWholeFile(file, size, signal)
    } finally {
      await file.close()
    }
  }
}
