import { randomBytes, randomUUID } from 'node:crypto'
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Entry } from './entry.js'

/** Where the parts of a cache are. */
export interface CacheFolder {
  entry(key: string): string
  /** A content has a file of its own for each key, so that it goes with its entry. */
  content(key: string, sha256: string): string
  temporary(): string
}

/** One key that the folder holds. */
export interface KeptEntry {
  readonly key: string
  readonly entry: Entry
  /** When it was last used; milliseconds since the Unix epoch. */
  readonly usedAt: number
}

/** Files that nothing names are deleted only when they are this old: another process may be writing them. */
const LEFTOVER_MS = 60 * 60 * 1000

/** Gives the paths of a cache in `root`. */
export function cacheFolder(root: string): CacheFolder {
  return {
    entry: (key) => join(root, 'entries', `${key}.json`),
    content: (key, sha256) => join(root, 'contents', `${key}.${sha256}`),
    temporary: () => join(root, 'temporary', randomUUID()),
  }
}

/** Makes the folder where it is missing, readable for its owner only: contents and addresses in it may be private. */
export async function makeFolder(root: string): Promise<void> {
  for (const name of ['entries', 'contents', 'temporary']) await mkdir(join(root, name), { recursive: true, mode: 0o700 })
}

/**
 * The secret that keys of this folder are made with: events show keys, and without it a password in a URL could be guessed from one.
 */
export async function readSecret(root: string): Promise<Buffer> {
  const path = join(root, 'secret')
  const secret = randomBytes(32)
  const written = await writeFile(path, secret, { flag: 'wx', mode: 0o600 }).then(
    () => true,
    () => false,
  )
  if (written) return secret
  const found = await readFile(path)
  if (found.length === secret.length) return found
  // It was torn by a crash. The contents under the old keys are not found again and go in time.
  await replaceFile(path, secret, join(root, 'temporary', randomUUID()))
  return secret
}

/** Writes a file under another name first, so that no reader ever sees half of it. */
export async function replaceFile(path: string, content: string | Uint8Array, temporary: string): Promise<void> {
  try {
    await writeFile(temporary, content, { mode: 0o600 })
    await rename(temporary, path)
  } catch (error) {
    await rm(temporary, { force: true })
    throw error
  }
}

/** Reads what the folder holds, and deletes what nothing names: rests of a crash, entries without their content. */
export async function readFolder(root: string, now: number): Promise<readonly KeptEntry[]> {
  const folder = cacheFolder(root)
  const kept: KeptEntry[] = []
  const named = new Set<string>()
  for (const file of await readdir(join(root, 'entries'))) {
    const found = await readEntry(folder, file.replace(/\.json$/, ''))
    if (found === undefined) {
      await rm(join(root, 'entries', file), { force: true, recursive: true })
    } else {
      kept.push(found)
      named.add(folder.content(found.key, found.entry.sha256))
    }
  }
  for (const part of ['contents', 'temporary']) {
    for (const file of await readdir(join(root, part))) {
      const path = join(root, part, file)
      if (!named.has(path) && now - (await changedAt(path)) > LEFTOVER_MS) await rm(path, { force: true, recursive: true })
    }
  }
  return kept
}

async function readEntry(folder: CacheFolder, key: string): Promise<KeptEntry | undefined> {
  try {
    const entry = Entry.parse(JSON.parse(await readFile(folder.entry(key), 'utf8')))
    const content = await stat(folder.content(key, entry.sha256))
    return content.size === entry.size ? { key, entry, usedAt: await changedAt(folder.entry(key)) } : undefined
  } catch {
    return undefined
  }
}

/** A file that is gone counts as new: there is nothing to delete. */
async function changedAt(path: string): Promise<number> {
  return stat(path).then(
    ({ mtimeMs }) => mtimeMs,
    () => Number.POSITIVE_INFINITY,
  )
}
