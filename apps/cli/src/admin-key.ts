import { randomBytes } from 'node:crypto'
import { open, readFile } from 'node:fs/promises'
import { join } from 'node:path'

/** In the data folder: the key that is made where none is configured. Only its owner may read it. */
const ADMIN_KEY_FILE = 'admin-key'

const KEY_BYTES = 32

/**
 * The key in the data folder; made on the first start. The folder must be this process's alone.
 *
 * @throws Error when the file can't be read or written, or is empty
 */
export async function keptAdminKey(folder: string): Promise<{ readonly key: string; readonly path: string }> {
  const path = join(folder, ADMIN_KEY_FILE)
  try {
    const file = await open(path, 'wx', 0o600)
    try {
      const key = `hw_${randomBytes(KEY_BYTES).toString('base64url')}`
      await file.writeFile(`${key}\n`)
      await file.sync()
      return { key, path }
    } finally {
      await file.close()
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  }
  const key = (await readFile(path, 'utf8')).trim()
  if (key === '') throw new Error(`The API key in ${path} is empty. Delete the file to have a new one made.`)
  return { key, path }
}
