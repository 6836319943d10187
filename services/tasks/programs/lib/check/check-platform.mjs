import { Refusal } from '../command-line.mjs'
import { MAX_MANIFEST_BYTES, parseManifest } from '../manifest.mjs'
import { PLATFORMS } from '../platforms.mjs'
import { currentPath, readCurrent, sha256Of } from '../publish/layout.mjs'
import { filesText, sizeText } from '../size-text.mjs'
import { compare } from './compare.mjs'
import { outcomeLine, printProblems } from './report.mjs'

/**
 * The platforms to check: those that were named, or all that the version has there.
 *
 * @param {import('./check-places.mjs').CheckPlaces} places
 * @param {string[] | undefined} platforms
 * @param {boolean} ifThere leaves out those that were named and that the version has nothing for
 * @returns {Promise<import('./check-places.mjs').PlatformPlace[]>}
 * @throws {Refusal} when the version has none
 */
export async function platformsOf(places, version, platforms, ifThere) {
  if (platforms !== undefined && !ifThere) return platforms.map(places.of)
  const all = (platforms ?? Object.keys(PLATFORMS)).map(places.of)
  const there = []
  for (const place of all) if ((await place.storage.list(place.prefix(version))).length > 0) there.push(place)
  if (there.length === 0 && platforms === undefined) throw new Refusal(`There is nothing of ${version} in ${places.shown}.`)
  for (const place of all) if (!there.includes(place)) console.log(`${version} has nothing for ${PLATFORMS[place.platform]}.`)
  return there
}

/**
 * Checks one platform, and prints what there is to say.
 *
 * @param {import('./check-places.mjs').PlatformPlace} place
 * @param {{ version: string, rate: number, signal: AbortSignal, onProgress: (fraction: number, message: string) => void,
 *   mustBeCurrent: boolean, dryRun: boolean }} how
 * @returns {Promise<import('./report.mjs').PlatformCheck>}
 * @throws {Refusal} when the manifest is missing or broken
 */
export async function checkPlatform(place, { version, rate, signal, onProgress, mustBeCurrent, dryRun }) {
  const { platform, storage } = place
  console.log(`Checking ${PLATFORMS[platform]} manifest...`)
  const path = place.manifest(version)
  const bytes = await storage.read(path, MAX_MANIFEST_BYTES)
  if (bytes === undefined) throw new Refusal(`There is no manifest ${storage.show(path)}.`)
  const manifest = parseManifest(bytes, storage.show(path), { version, platform })
  const facts = { platform, checkedFiles: manifest.totalFiles, checkedBytes: manifest.totalBytes }
  if (dryRun) {
    console.log(
      `Would check ${filesText(manifest.totalFiles)} (${sizeText(manifest.totalBytes)}) in ${storage.show(place.prefix(version))}.`,
    )
    return { ...facts, ok: true, missing: [], changed: [], stray: [] }
  }
  const problems = await compare(storage, place.prefix(version), manifest, { rate, signal, onProgress })
  if (place.isPublished) problems.changed.push(...(await pointerProblems(storage, platform, version, sha256Of(bytes), mustBeCurrent)))
  const ok = Object.values(problems).every((list) => list.length === 0)
  const found = { ...facts, ok, ...problems }
  printProblems(found)
  console.log(outcomeLine(found))
  return found
}

/** The pointer must fit the manifest when it names this version, and must name it when the version has to be current. */
async function pointerProblems(storage, platform, version, sha256, mustBeCurrent) {
  const current = await readCurrent(storage, platform)
  const problem = { path: storage.show(currentPath(platform)), why: 'pointer' }
  if (current?.version === version) {
    if (current.manifest.sha256 === sha256) return []
    return [{ ...problem, text: 'of another manifest', expected: sha256, actual: current.manifest.sha256 }]
  }
  if (!mustBeCurrent) return []
  return [{ ...problem, text: `current is ${current?.version ?? 'no version'}`, expected: version, actual: current?.version }]
}
