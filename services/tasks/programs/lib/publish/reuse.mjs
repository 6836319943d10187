import { Failure, Refusal } from '../command-line.mjs'
import { MAX_MANIFEST_BYTES, parseManifest } from '../manifest.mjs'
import { filesText } from '../size-text.mjs'
import { compareSizes } from './compare-sizes.mjs'
import { manifestPath, versionPrefix } from './layout.mjs'

/** Which version later releases may take files from; it lies beside the targets of an environment. */
const REUSE_FILE = 'reuse.json'

const FORMAT = 1
const MAX_REUSE_BYTES = 256 * 1024

/** So many versions one can go back, and so many changes are remembered. */
const MAX_BEFORE = 20
const MAX_HISTORY = 50

/**
 * @typedef {{ version: string, setAt: string }} ReuseVersion
 * @typedef {{ format: 1, current: ReuseVersion, before: ReuseVersion[], history: { at: string, action: 'set' | 'rollback', version: string }[] }}
 *   Reuse `before` is what a rollback goes back to, `history` what was done; both newest first
 */

/**
 * @param {import('../storage/open-storage.mjs').Storage} environment
 * @returns {Promise<Reuse | undefined>} undefined when none was ever set
 * @throws {Refusal} when the file is broken
 */
export async function readReuse(environment) {
  const bytes = await environment.read(REUSE_FILE, MAX_REUSE_BYTES)
  if (bytes === undefined) return undefined
  try {
    const reuse = JSON.parse(bytes.toString())
    const versions = [reuse.current, ...reuse.before]
    if (reuse.format === FORMAT && Array.isArray(reuse.history) && versions.every(({ version }) => typeof version === 'string'))
      return reuse
  } catch {
    // It is named below.
  }
  throw new Refusal(`${environment.show(REUSE_FILE)} is broken. Put it right or remove it.`)
}

/**
 * The version to take files from. That is a help and no need: where the file is broken, that is said and nothing is taken.
 *
 * @param {import('../storage/open-storage.mjs').Storage} environment
 * @returns {Promise<string | undefined>}
 */
export async function reuseVersionOf(environment) {
  try {
    return (await readReuse(environment))?.current.version
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    console.error(`Nothing is reused: ${error.message}`)
    return undefined
  }
}

/** @param {Reuse} reuse */
export async function writeReuse(environment, reuse) {
  await environment.write(REUSE_FILE, `${JSON.stringify(reuse, null, 2)}\n`)
}

/** What is so after a version was set. @returns {Reuse} */
export function withVersion(reuse, version, now) {
  const before = reuse === undefined ? [] : [reuse.current, ...reuse.before].slice(0, MAX_BEFORE)
  return { format: FORMAT, current: { version, setAt: now }, before, history: withChange(reuse, 'set', version, now) }
}

/**
 * What is so after going back to the version before.
 *
 * @param {Reuse | undefined} reuse
 * @returns {Reuse}
 * @throws {Refusal} when there is none
 */
export function rolledBack(reuse, now) {
  const [last, ...before] = reuse?.before ?? []
  if (last === undefined) throw new Refusal('There is no earlier reuse version to go back to.')
  return { format: FORMAT, current: { ...last, setAt: now }, before, history: withChange(reuse, 'rollback', last.version, now) }
}

function withChange(reuse, action, version, now) {
  return [{ at: now, action, version }, ...(reuse?.history ?? [])].slice(0, MAX_HISTORY)
}

/**
 * Makes sure that a version is on a target as a whole: its manifest, and every file with its size. Contents are looked at when they are reused.
 *
 * @param {import('../storage/open-storage.mjs').Storage} target
 * @throws {Failure} when something lacks
 */
export async function mustBePublished(target, platform, version) {
  const manifest = await readPublishedManifest(target, platform, version)
  if (manifest === undefined)
    throw new Failure(`${version} is not published for ${platform}: there is no ${target.show(manifestPath(platform, version))}.`)
  const { wrong } = await compareSizes(target, versionPrefix(platform, version), manifest)
  if (wrong.length > 0) {
    throw new Failure(
      `${version} is not published completely for ${platform}: ${filesText(wrong.length)} of ${manifest.totalFiles} missing or of another size in ${target.show(versionPrefix(platform, version))}, such as ${wrong[0].path}.`,
    )
  }
}

/**
 * The manifest of a published version.
 *
 * @param {import('../storage/open-storage.mjs').Storage} target
 * @returns {Promise<import('../manifest.mjs').Manifest | undefined>} undefined when it is not published
 * @throws {Refusal} when it is broken
 */
export async function readPublishedManifest(target, platform, version) {
  const path = manifestPath(platform, version)
  const bytes = await target.read(path, MAX_MANIFEST_BYTES)
  return bytes === undefined ? undefined : parseManifest(bytes, target.show(path), { version, platform })
}

/**
 * Files that a target already has, by their hash.
 *
 * @param {import('../storage/open-storage.mjs').Storage} target
 * @param {string | undefined} version the reuse version
 * @returns {Promise<Map<string, string>>} paths in the target; empty where the version is not there, or not in order
 */
export async function reusableFiles(target, platform, version) {
  if (version === undefined) return new Map()
  try {
    const manifest = await readPublishedManifest(target, platform, version)
    if (manifest === undefined) {
      console.error(`Nothing is reused: there is no ${version} at ${target.show(platform)}.`)
      return new Map()
    }
    const prefix = versionPrefix(platform, version)
    const { right } = await compareSizes(target, prefix, manifest)
    return new Map(right.map(({ path, sha256 }) => [sha256, `${prefix}/${path}`]))
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    console.error(`Nothing is reused: ${error.message}`)
    return new Map()
  }
}
