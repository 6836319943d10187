import { scale } from '../progress.mjs'
import { checkPlatform, platformsOf } from './check-platform.mjs'

/**
 * Checks a version, one platform or all that it has, and prints what there is to say.
 *
 * @param {import('./check-places.mjs').CheckPlaces} places
 * @param {{ version: string, platforms?: string[], ifThere?: boolean, rate?: number, mustBeCurrent?: boolean, dryRun?: boolean, signal: AbortSignal,
 *   onProgress: (fraction: number, message: string) => void }} how
 * @returns {Promise<import('./report.mjs').CheckReport>} of a dry run: what would be checked
 * @throws {import('../command-line.mjs').Refusal} when a manifest is missing or broken
 */
export async function checkVersion(places, { version, platforms, ifThere = false, onProgress, dryRun = false, ...how }) {
  const wanted = await platformsOf(places, version, platforms, ifThere)
  const startedAt = performance.now()
  const found = []
  for (const [index, place] of wanted.entries()) {
    const scaled = scale(onProgress, index / wanted.length, (index + 1) / wanted.length)
    found.push(await checkPlatform(place, { rate: 0, mustBeCurrent: false, ...how, version, dryRun, onProgress: scaled }))
  }
  const sum = (key) => found.reduce((all, one) => all + one[key], 0)
  const checkedFiles = sum('checkedFiles')
  if (!dryRun) console.log(`Total files checked: ${checkedFiles}`)
  return {
    version,
    place: places.shown,
    ok: found.every(({ ok }) => ok),
    checkedFiles,
    checkedBytes: sum('checkedBytes'),
    durationMs: Math.round(performance.now() - startedAt),
    platforms: found,
  }
}
