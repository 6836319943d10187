import { randomBytes, randomUUID } from 'node:crypto'
import { readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/**
 * The secret that keys of this folder are made with: events show keys, and without it a password in a URL could be guessed from one.
 *
 * @param root a folder that is there
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
  const unfinished = join(root, `${randomUUID()}.tmp`)
  try {
    await writeFile(unfinished, secret, { mode: 0o600 })
    await rename(unfinished, path)
  } catch (error) {
    await rm(unfinished, { force: true })
    throw error
  }
  return secret
}
