import { randomBytes, randomUUID } from 'node:crypto'
import { copyFile, link, mkdir, open, readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { z } from 'zod'
import { diskBytesOf, type IndexEntry } from './lru-index.js'

/** Keys are hashes; nothing else becomes a path. */
export const KEY = /^[0-9a-f]{64}$/
/** Of files within an entry. */
export const FILE_NAME = /^[a-z]+$/

const META = '.json'
const TEMPORARY = '.tmp'
/** So many entries are looked at together when a folder is read. */
const READ_TOGETHER = 32

const storedSchema = z.object({
  id: z.string().regex(/^[0-9a-f]{16}$/),
  meta: z.unknown(),
  files: z.record(z.string().regex(FILE_NAME), z.int().nonnegative()),
})

/** One entry as its file names it. */
interface Stored extends IndexEntry {
  readonly meta: unknown
}

/** An entry's file: what it is put together from. Bytes are written, a path is linked. */
export type FileSource = string | Uint8Array

/** The files of a cache: for each entry one with its metadata, and those that it names. */
export class CacheFolder {
  readonly path: string
  /** Whether what is written survives a loss of power; else its reader has to check it. */
  readonly #durable: boolean

  constructor(path: string, durable: boolean) {
    this.path = path
    this.#durable = durable
  }

  async make(): Promise<void> {
    await mkdir(this.path, { recursive: true, mode: 0o700 })
  }

  file(key: string, id: string, name: string): string {
    return join(this.path, `${key}.${id}.${name}`)
  }

  /** A path for a file that is removed at the next start if it is still there. */
  temporary(): string {
    return join(this.path, `${randomUUID()}${TEMPORARY}`)
  }

  /**
   * Puts an entry's files in place; nothing names them before `name` does. When one fails, none stays.
   *
   * @returns the entry's id and the sizes of its files
   */
  async place(key: string, sources: Readonly<Record<string, FileSource>>): Promise<{ id: string; files: Record<string, number> }> {
    const id = randomBytes(8).toString('hex')
    const files: Record<string, number> = {}
    try {
      for (const [name, source] of Object.entries(sources)) {
        const path = this.file(key, id, name)
        if (typeof source === 'string') await linkOrCopy(source, path)
        else await writeFile(path, source, { mode: 0o600 })
        if (this.#durable) await sync(path)
        files[name] = (await stat(path)).size
      }
      return { id, files }
    } catch (error) {
      await this.removeFiles(key, { id, files: Object.fromEntries(Object.keys(sources).map((name) => [name, 0])) })
      throw error
    }
  }

  /** Makes files an entry, at once: in the place of what was there. */
  async name(key: string, text: string): Promise<void> {
    const unfinished = this.temporary()
    try {
      await writeFile(unfinished, text, { mode: 0o600, flush: this.#durable })
      await rename(unfinished, this.#metaPath(key))
    } catch (error) {
      await rm(unfinished, { force: true }).catch(() => undefined)
      throw error
    }
  }

  /** @throws Error when the entry can't be read, or is none */
  async read(key: string): Promise<Stored> {
    const text = await readFile(this.#metaPath(key), 'utf8')
    const { id, meta, files } = storedSchema.parse(JSON.parse(text))
    return { id, meta, files, diskBytes: diskBytesOf([...Object.values(files), Buffer.byteLength(text)]) }
  }

  async remove(key: string, entry: Pick<IndexEntry, 'id' | 'files'>): Promise<void> {
    await rm(this.#metaPath(key), { force: true })
    await this.removeFiles(key, entry)
  }

  async removeFiles(key: string, { id, files }: Pick<IndexEntry, 'id' | 'files'>): Promise<void> {
    for (const name of Object.keys(files)) await rm(this.file(key, id, name), { force: true }).catch(() => undefined)
  }

  /** Notes a use, so that the order lasts beyond this process. */
  async touch(key: string, at: Date): Promise<void> {
    await utimes(this.#metaPath(key), at, at).catch(() => undefined)
  }

  /**
   * Reads all entries that are whole, those first that were not used for the longest time, and removes what belongs to none.
   *
   * @param leftoverMs what belongs to no entry stays while it is younger than this
   */
  async readAll(leftoverMs: number): Promise<readonly (readonly [key: string, entry: IndexEntry])[]> {
    const names = await readdir(this.path)
    const keys = names.filter((name) => name.endsWith(META) && KEY.test(basename(name, META))).map((name) => basename(name, META))
    const found: { readonly key: string; readonly entry: IndexEntry; readonly usedAt: number }[] = []
    const known = new Set<string>()
    for (let at = 0; at < keys.length; at += READ_TOGETHER) {
      const some = await Promise.all(keys.slice(at, at + READ_TOGETHER).map((key) => this.#readWhole(key)))
      for (const one of some) {
        if (one === undefined) continue
        found.push(one)
        known.add(`${one.key}${META}`)
        for (const name of Object.keys(one.entry.files)) known.add(basename(this.file(one.key, one.entry.id, name)))
      }
    }
    for (const name of names) if (!known.has(name)) await this.#removeLeftover(join(this.path, name), leftoverMs)
    return found.toSorted((a, b) => a.usedAt - b.usedAt).map(({ key, entry }) => [key, entry])
  }

  async #readWhole(key: string): Promise<{ key: string; entry: IndexEntry; usedAt: number } | undefined> {
    try {
      const { meta: _meta, ...entry } = await this.read(key)
      for (const [name, size] of Object.entries(entry.files)) {
        if ((await stat(this.file(key, entry.id, name))).size !== size) return undefined
      }
      return { key, entry, usedAt: (await stat(this.#metaPath(key))).mtimeMs }
    } catch {
      return undefined
    }
  }

  async #removeLeftover(path: string, leftoverMs: number): Promise<void> {
    const facts = await stat(path).catch(() => undefined)
    if (facts !== undefined && Date.now() - facts.mtimeMs >= leftoverMs) await rm(path, { force: true, recursive: true })
  }

  #metaPath(key: string): string {
    return join(this.path, `${key}${META}`)
  }
}

/** The text of an entry's own file. */
export function storedText(id: string, meta: unknown, files: Readonly<Record<string, number>>): string {
  return JSON.stringify({ id, meta, files })
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
