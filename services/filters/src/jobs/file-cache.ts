import { randomUUID } from 'node:crypto'
import { copyFile, link, mkdir, open, readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { z } from 'zod'

/** What was thrown out to make room. */
export interface Evicted {
  readonly key: string
  /** In bytes. */
  readonly size: number
}

export interface CachedFiles<Meta> {
  readonly meta: Meta
  /** Of all its files, in bytes. */
  readonly size: number
}

interface Entry {
  readonly size: number
  readonly names: readonly string[]
}

const META = '.json'
/** Keys are hashes; nothing else becomes a path. */
const KEY = /^[0-9a-f]{64}$/

const storedSchema = z.object({ meta: z.unknown(), files: z.record(z.string().regex(/^[a-z]+$/), z.int().nonnegative()) })

/**
 * Files under keys, with a small JSON value each, in a folder of bounded size: what was not used for the longest time goes first. An entry is
 * there with all of its files or not at all, also after a crash. One process uses a folder at a time.
 */
export class FileCache<Meta> {
  readonly #folder: string
  readonly #maxBytes: number
  readonly #schema: z.ZodType<Meta>
  /** The least recently used first. */
  readonly #entries = new Map<string, Entry>()
  #bytes = 0
  #work: Promise<unknown> = Promise.resolve()

  private constructor(folder: string, maxBytes: number, schema: z.ZodType<Meta>) {
    this.#folder = folder
    this.#maxBytes = maxBytes
    this.#schema = schema
  }

  /** Opens a folder, makes it where it is missing, and clears away what a crash left behind. */
  static async open<Meta>(folder: string, maxBytes: number, schema: z.ZodType<Meta>): Promise<FileCache<Meta>> {
    await mkdir(folder, { recursive: true, mode: 0o700 })
    const cache = new FileCache(folder, maxBytes, schema)
    await cache.#readFolder()
    return cache
  }

  /** Of all entries, in bytes. */
  get bytes(): number {
    return this.#bytes
  }

  /**
   * Gives an entry, with its files linked into `into` under their names, where nobody removes them. They are not to be written to.
   *
   * @returns undefined when there is none
   */
  take(key: string, into: string): Promise<CachedFiles<Meta> | undefined> {
    return this.#alone(async () => {
      const found = this.#entries.get(key)
      if (found === undefined) return undefined
      const meta = await this.#readMeta(key)
      if (meta === undefined) {
        await this.#remove(key)
        return undefined
      }
      for (const name of found.names) await linkOrCopy(this.#path(key, name), join(into, name))
      this.#entries.delete(key)
      this.#entries.set(key, found)
      const now = new Date()
      await utimes(this.#path(key), now, now)
      return { meta, size: found.size }
    })
  }

  /** The value of an entry without its files. */
  peek(key: string): Promise<Meta | undefined> {
    return this.#alone(async () => (this.#entries.has(key) ? this.#readMeta(key) : undefined))
  }

  /**
   * Keeps files under a key, in the place of what was there. What alone is larger than the cache is not kept. The files are not to be written
   * to any more: they may be linked.
   *
   * @param files paths, each kept under its base name
   * @returns whether it is kept, its size in bytes, and what went for it
   */
  put(key: string, meta: Meta, files: readonly string[]): Promise<{ kept: boolean; size: number; evicted: readonly Evicted[] }> {
    return this.#alone(async () => {
      if (!KEY.test(key)) throw new Error('A key is a SHA-256 in hex.')
      await this.#remove(key)
      const sizes = Object.fromEntries(await Promise.all(files.map(async (file) => [basename(file), (await stat(file)).size] as const)))
      const size = Object.values(sizes).reduce((sum, bytes) => sum + bytes, 0)
      if (size > this.#maxBytes) return { kept: false, size, evicted: [] }
      const evicted: Evicted[] = []
      for (const [oldest, entry] of this.#entries) {
        if (this.#bytes + size <= this.#maxBytes) break
        evicted.push({ key: oldest, size: entry.size })
        await this.#remove(oldest)
      }
      for (const file of files) {
        await sync(file)
        await linkOrCopy(file, this.#path(key, basename(file)))
      }
      // The value comes last: without it the files are none.
      const unfinished = join(this.#folder, `${randomUUID()}.tmp`)
      await writeFile(unfinished, JSON.stringify({ meta, files: sizes }), { mode: 0o600, flush: true })
      await rename(unfinished, this.#path(key))
      this.#entries.set(key, { size, names: Object.keys(sizes) })
      this.#bytes += size
      return { kept: true, size, evicted }
    })
  }

  /** One at a time: a folder is no database. */
  #alone<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#work.then(work)
    this.#work = done.catch(() => undefined)
    return done
  }

  #path(key: string, name = ''): string {
    return join(this.#folder, name === '' ? `${key}${META}` : `${key}.${name}`)
  }

  async #readMeta(key: string): Promise<Meta | undefined> {
    try {
      return this.#schema.parse(storedSchema.parse(JSON.parse(await readFile(this.#path(key), 'utf8'))).meta)
    } catch {
      // What an older version wrote, or somebody else removed: as if it had never been there.
      return undefined
    }
  }

  async #remove(key: string): Promise<void> {
    const entry = this.#entries.get(key)
    if (entry === undefined) return
    this.#entries.delete(key)
    this.#bytes -= entry.size
    for (const path of [this.#path(key), ...entry.names.map((name) => this.#path(key, name))]) await rm(path, { force: true })
  }

  async #readFolder(): Promise<void> {
    const found: { readonly key: string; readonly entry: Entry; readonly usedAt: number }[] = []
    const names = await readdir(this.#folder)
    const known = new Set<string>()
    for (const file of names) {
      const key = basename(file, META)
      if (!file.endsWith(META) || !KEY.test(key)) continue
      const entry = await this.#readEntry(key)
      if (entry === undefined) continue
      found.push({ key, entry, usedAt: (await stat(this.#path(key))).mtimeMs })
      for (const path of [this.#path(key), ...entry.names.map((name) => this.#path(key, name))]) known.add(basename(path))
    }
    for (const { key, entry } of found.toSorted((a, b) => a.usedAt - b.usedAt)) {
      this.#entries.set(key, entry)
      this.#bytes += entry.size
    }
    for (const file of names) if (!known.has(file)) await rm(join(this.#folder, file), { force: true, recursive: true })
    for (const key of this.#entries.keys()) if (this.#bytes > this.#maxBytes) await this.#remove(key)
  }

  async #readEntry(key: string): Promise<Entry | undefined> {
    try {
      const { files } = storedSchema.parse(JSON.parse(await readFile(this.#path(key), 'utf8')))
      let size = 0
      for (const [name, bytes] of Object.entries(files)) {
        if ((await stat(this.#path(key, name))).size !== bytes) return undefined
        size += bytes
      }
      return { size, names: Object.keys(files) }
    } catch {
      return undefined
    }
  }
}

async function sync(path: string): Promise<void> {
  const file = await open(path)
  try {
    await file.datasync()
  } finally {
    await file.close()
  }
}

/** A second name for a file; a copy where the file system has no such thing. */
export async function linkOrCopy(from: string, to: string): Promise<void> {
  await rm(to, { force: true })
  await link(from, to).catch(() => copyFile(from, to))
}
