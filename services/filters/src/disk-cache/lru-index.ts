/** What the index knows of an entry. */
export interface IndexEntry {
  /** Of this version of the entry: another content under the same key has another one. */
  readonly id: string
  /** The sizes of its files by their names, in bytes. */
  readonly files: Readonly<Record<string, number>>
  /** What it takes on the disk, its metadata included, in bytes. */
  readonly diskBytes: number
}

/** What was thrown out to make room. */
export interface Evicted {
  readonly key: string
  /** Of its files, in bytes. */
  readonly size: number
}

/** Small files take whole blocks of the disk: so much at least, in bytes. */
const BLOCK_BYTES = 4096

/** What files of these sizes take on the disk, in bytes. */
export function diskBytesOf(sizes: readonly number[]): number {
  return sizes.reduce((sum, size) => sum + Math.max(1, Math.ceil(size / BLOCK_BYTES)) * BLOCK_BYTES, 0)
}

/** The size of an entry's files together, in bytes. */
export function sizeOf({ files }: Pick<IndexEntry, 'files'>): number {
  return Object.values(files).reduce((sum, size) => sum + size, 0)
}

/** The entries of a cache in the order of their last use, and what they take together. It lives in memory and touches no file. */
export class LruIndex {
  readonly #entries = new Map<string, IndexEntry>()
  #diskBytes = 0

  get diskBytes(): number {
    return this.#diskBytes
  }

  get count(): number {
    return this.#entries.size
  }

  get(key: string): IndexEntry | undefined {
    return this.#entries.get(key)
  }

  /** Puts an entry in, as the one that was used last. */
  set(key: string, entry: IndexEntry): void {
    this.delete(key)
    this.#entries.set(key, entry)
    this.#diskBytes += entry.diskBytes
  }

  delete(key: string): void {
    const entry = this.#entries.get(key)
    if (entry === undefined) return
    this.#entries.delete(key)
    this.#diskBytes -= entry.diskBytes
  }

  /** The entry that was not used for the longest time, other than `spared`. */
  oldest(spared: string): { readonly key: string; readonly entry: IndexEntry } | undefined {
    for (const [key, entry] of this.#entries) if (key !== spared) return { key, entry }
    return undefined
  }
}
