import { randomBytes } from 'node:crypto'
import { open, readFile, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { KeyValueStore } from '@headway/core'

/** In the data folder: the key that is made where none is configured. Only its owner may read it. */
export const ADMIN_KEY_FILE = 'admin-key'

const KEY_BYTES = 32

/**
 * The key in the data folder; made on the first start. The folder must be this process's alone.
 *
 * @throws Error when the file can't be read or written
 */
export async function keptAdminKey(folder: string): Promise<{ readonly key: string; readonly path: string }> {
  const path = join(folder, ADMIN_KEY_FILE)
  const kept = await readKey(path)
  if (kept !== undefined) return { key: kept, path }
  const key = newKey()
  await writeWhole(path, `${key}\n`)
  return { key, path }
}

/** In the store that nodes share. */
const SHARED_KEY = 'auth/admin-key'

/**
 * The key of all nodes that share a store: the first of them makes it, or gives the one in its data folder. Each has it in its own data folder,
 * too, where people look for it.
 *
 * @throws StoreError; Error when the file can't be read or written
 */
export async function sharedAdminKey(
  folder: string,
  store: Pick<KeyValueStore, 'get' | 'set'>,
): Promise<{ readonly key: string; readonly path: string }> {
  const path = join(folder, ADMIN_KEY_FILE)
  const kept = await readKey(path)
  const known = (await store.get(SHARED_KEY))?.value
  if (known === undefined) await store.set(SHARED_KEY, kept ?? newKey(), { ifVersion: 0 })
  // Another node may have been first.
  const key = known ?? (await store.get(SHARED_KEY))?.value
  if (typeof key !== 'string') throw new Error(`The store has no text under ${SHARED_KEY}.`)
  if (kept !== key) await writeWhole(path, `${key}\n`)
  return { key, path }
}

/** Undefined where there is none. An empty file opens nothing: it is as good as none. */
async function readKey(path: string): Promise<string | undefined> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return ''
    throw error
  })
  return text.trim() === '' ? undefined : text.trim()
}

function newKey(): string {
  return `hw_${randomBytes(KEY_BYTES).toString('base64url')}`
}

/** Writes beside the place and renames: a crash leaves the whole file there, or none. */
async function writeWhole(path: string, text: string): Promise<void> {
  const unfinished = `${path}.tmp`
  await rm(unfinished, { force: true })
  const file = await open(unfinished, 'wx', 0o600)
  try {
    await file.writeFile(text)
    await file.sync()
  } finally {
    await file.close()
  }
  await rename(unfinished, path)
  const folder = await open(dirname(path), 'r')
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}
