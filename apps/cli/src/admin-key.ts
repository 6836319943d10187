import { randomBytes } from 'node:crypto'
import { open, readFile, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'

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
  const kept = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return ''
    throw error
  })
  // An empty file opens nothing: it is as good as none.
  if (kept.trim() !== '') return { key: kept.trim(), path }
  const key = `hw_${randomBytes(KEY_BYTES).toString('base64url')}`
  await writeWhole(path, `${key}\n`)
  return { key, path }
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
