import { join, resolve, sep } from 'node:path'
import { Refusal } from '../command-line.mjs'
import { MANIFEST_FILE, MAX_MANIFEST_BYTES, parseManifest, readManifestBytes } from '../manifest.mjs'
import { isSafeFolder } from '../storage/folder-paths.mjs'
import { isPart } from '../storage/part-name.mjs'
import { manifestPath, readCurrent, sha256Of, versionPrefix } from './layout.mjs'
import { reusableFiles } from './reuse.mjs'

/**
 * What a sync has to do for one platform.
 *
 * @typedef {object} PlatformPlan
 * @property {string} platform
 * @property {string} version
 * @property {string} source the folder with the files
 * @property {import('../manifest.mjs').Manifest} manifest
 * @property {Buffer} manifestBytes what will be published of it
 * @property {string} manifestSha256
 * @property {(import('../manifest.mjs').ManifestFile & { reuse?: string })[]} todo files that the target lacks or has wrong
 * @property {string[]} stray what is on the target and not in the manifest, but for what a broken-off sync has left
 * @property {boolean} manifestIsThere
 * @property {string | undefined} currentVersion
 * @property {boolean} isCurrent whether the pointer says exactly this already
 * @property {boolean} isLive whether this version is current with another manifest: people are getting the files that would change
 */

/**
 * Compares the manifest of a version with what is on the target: every content there is looked at.
 *
 * @param {{ root: string, version: string, platform: string, target: import('../storage/open-storage.mjs').Storage, reuseVersion?: string,
 *   threads?: number, signal: AbortSignal, onProgress: (fraction: number, message: string) => void }} wish
 * @returns {Promise<PlatformPlan>}
 * @throws {Refusal} when the manifest is missing or broken
 */
export async function planPlatform({ root, version, platform, target, reuseVersion, threads, signal, onProgress }) {
  const source = join(root, version, platform)
  const path = join(source, MANIFEST_FILE)
  // As a check does it: the resources are not looked for behind links.
  isSafeFolder(root, `${version}/${platform}`)
  const manifestBytes = await readManifestBytes(path)
  const manifest = parseManifest(manifestBytes, path, { version, platform })
  const manifestSha256 = sha256Of(manifestBytes)
  const prefix = versionPrefix(platform, version)
  mustBeApart(source, target, prefix)

  const present = await target.list(prefix)
  const right = await surveyed(target, prefix, manifest, present, { threads, signal, onProgress })
  const reusable = await reusableFiles(target, platform, reuseVersion === version ? undefined : reuseVersion)
  const todo = manifest.files
    .filter((file) => !right.has(file.path))
    .map((file) => (reusable.has(file.sha256) ? { ...file, reuse: reusable.get(file.sha256) } : file))

  const listed = new Set([MANIFEST_FILE, ...manifest.files.map((file) => file.path)])
  const others = present.map((entry) => entry.path).filter((name) => !listed.has(name))
  const hasManifest = present.some((entry) => entry.path === MANIFEST_FILE && entry.size >= 0)
  const there = hasManifest ? await target.read(manifestPath(platform, version), MAX_MANIFEST_BYTES) : undefined
  const current = await readCurrent(target, platform)
  return {
    platform,
    version,
    source,
    manifest,
    manifestBytes,
    manifestSha256,
    todo,
    stray: others.filter((name) => !isPart(name)),
    manifestIsThere: there !== undefined && sha256Of(there) === manifestSha256,
    currentVersion: current?.version,
    isCurrent: current?.version === version && current.manifest.sha256 === manifestSha256,
    isLive: current?.version === version && current.manifest.sha256 !== manifestSha256,
  }
}

/** Paths of the files that are there and right. */
async function surveyed(target, prefix, manifest, present, { threads, signal, onProgress }) {
  const sizes = new Map(present.map(({ path, size }) => [path, size]))
  const candidates = manifest.files.filter(({ path, size }) => sizes.get(path) === size)
  const totalBytes = candidates.reduce((sum, { size }) => sum + size, 0)
  const right = new Set()
  let bytes = 0
  let files = 0
  const onFile = (index, facts) => {
    const { path, size, sha256 } = candidates[index]
    if (facts.sha256 === sha256) right.add(path)
    bytes += size
    files += 1
    onProgress(totalBytes === 0 ? 1 : bytes / totalBytes, `${files} of ${candidates.length} files compared`)
  }
  await target.survey(prefix, candidates, onFile, { threads, signal })
  return right
}

/** Publishing into the resources, or out of what is published, would destroy both. */
function mustBeApart(source, target, prefix) {
  const [from, to] = [resolve(source), resolve(target.show(prefix))]
  if (target.isFolder && (`${from}${sep}`.startsWith(`${to}${sep}`) || `${to}${sep}`.startsWith(`${from}${sep}`))) {
    throw new Refusal(`The target ${to} and the resources ${from} must not lie within one another.`)
  }
}
