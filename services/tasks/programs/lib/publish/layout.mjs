import { createHash } from 'node:crypto'
import { MANIFEST_FILE } from '../manifest.mjs'

/** Small files of ours are at most this large, in bytes. */
const MAX_POINTER_BYTES = 64 * 1024

/** Where the files of a version are on a target. */
export function versionPrefix(platform, version) {
  return `${platform}/${version}`
}

/** Where the manifest of a version is on a target. */
export function manifestPath(platform, version) {
  return `${versionPrefix(platform, version)}/${MANIFEST_FILE}`
}

/** The file that says which version of a platform is current. */
export function currentPath(platform) {
  return `${platform}/current.json`
}

/** Hash of a manifest's bytes. */
export function sha256Of(bytes) {
  return createHash('sha256').update(bytes).digest('hex')
}

/**
 * @typedef {{ format: 1, version: string, manifest: { path: string, sha256: string }, publishedAt: string }} Current `path` is relative to the
 *   pointer's own folder
 */

/**
 * Which version of a platform is current on a target.
 *
 * @param {import('../storage/open-storage.mjs').Storage} storage
 * @returns {Promise<Current | undefined>} undefined where nothing was published, or the pointer is broken
 */
export async function readCurrent(storage, platform) {
  const bytes = await readCurrentBytes(storage, platform)
  if (bytes === undefined) return undefined
  try {
    const current = JSON.parse(bytes.toString())
    return typeof current?.version === 'string' && typeof current.manifest?.sha256 === 'string' ? current : undefined
  } catch {
    return undefined
  }
}

/** The pointer as it is, to put it back. @returns {Promise<Buffer | undefined>} undefined where there is none */
export function readCurrentBytes(storage, platform) {
  return storage.read(currentPath(platform), MAX_POINTER_BYTES)
}

/** Makes a published version the current one. */
export async function writeCurrent(storage, platform, { version, sha256 }, durable) {
  const manifest = { path: `${version}/${MANIFEST_FILE}`, sha256 }
  const current = { format: 1, version, manifest, publishedAt: new Date().toISOString() }
  await storage.write(currentPath(platform), `${JSON.stringify(current, null, 2)}\n`, { durable })
}
