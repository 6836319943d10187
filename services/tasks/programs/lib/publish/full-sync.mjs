import { checkPlaces } from '../check/check-places.mjs'
import { checkVersion } from '../check/check-version.mjs'
import { outcomeLine, resultOf } from '../check/report.mjs'
import { EXIT } from '../command-line.mjs'
import { lockPlace } from '../lock/lock-place.mjs'
import { tellResult } from '../markers.mjs'
import { TARGETS } from '../places.mjs'
import { PLATFORMS } from '../platforms.mjs'
import { scale } from '../progress.mjs'
import { sizeText } from '../size-text.mjs'
import { openStorage } from '../storage/open-storage.mjs'
import { reuseVersionOf } from './reuse.mjs'
import { threadsOf } from './sync-options.mjs'
import { syncTarget } from './sync-target.mjs'
import { updateReuse } from './update-reuse.mjs'

/** How the steps share the progress. */
const WEIGHTS = { check: 20, facebook: 20, native: 35, reuse: 5, published: 20 }

/**
 * The whole release, step by step; the first one that fails ends it. The locks of both targets are held from before the first step to the end.
 *
 * @param {ReturnType<typeof import('../places.mjs').readEnvironment>} places
 * @param {Omit<import('./sync-target.mjs').SyncWish, 'platforms'> & { parallel: number, options: Record<string, string | undefined> }} wish
 *   `options` are those of the command line, for the checks
 * @returns {Promise<number>} the exit code
 */
export async function fullSync(places, wish) {
  const names = Object.keys(TARGETS)
  const storages = Object.fromEntries(await Promise.all(names.map(async (name) => [name, await openStorage(places[name])])))
  const locks = {}
  try {
    // Always in this order, so that two releases can't wait for each other.
    for (const name of wish.dryRun ? [] : names) locks[name] = await lockPlace(storages[name], wish)
    const lost = Object.values(locks).map((lock) => lock.lost)
    return await runSteps(places, storages, locks, { ...wish, signal: AbortSignal.any([wish.signal, ...lost]) })
  } finally {
    for (const lock of Object.values(locks).toReversed()) await lock.release().catch(() => undefined)
  }
}

async function runSteps(places, storages, locks, wish) {
  const { version, options, dryRun, signal } = wish
  const steps = stepsOf(wish.onProgress)
  const result = { version, env: options.env, dryRun, success: false }
  const lines = []

  const checkStep = async (name, title, given, more) => {
    const report = await checkVersion(await checkPlaces({ ...options, ...given }), {
      version,
      platforms: Object.keys(PLATFORMS),
      dryRun,
      signal,
      onProgress: steps.begin(name, title),
      ...more,
    })
    result[name] = resultOf(report)
    for (const found of dryRun ? [] : report.platforms) lines.push(`${name} ${found.platform}: ${outcomeLine(found)}`)
    return report.ok
  }

  try {
    if (!(await checkStep('check', 'Checking the resources', { where: 'resources' }))) return EXIT.problems
    const reuseVersion = await reuseVersionOf(await openStorage(places.environment))
    for (const name of Object.keys(TARGETS)) {
      const onProgress = steps.begin(name, `Publishing to ${storages[name].shown}`)
      const threads = threadsOf(wish, storages[name])
      result[name] = await syncTarget(storages[name], { ...wish, platforms: TARGETS[name], reuseVersion, threads, onProgress }, locks[name])
      lines.push(...result[name].map((one) => syncLine(name, one, dryRun)))
    }
    const onReuse = steps.begin('reuse', 'Setting the reuse version')
    // Before anything is published the version can't be looked for on the targets.
    if (dryRun) {
      console.log(`Would set the reuse version to ${version}.`)
      result.success = true
      return EXIT.fine
    }
    result.reuse = await updateReuse(places, wish)
    onReuse(1, version)
    lines.push(`reuse version: ${version}`)
    result.success = await checkStep('published', 'Checking what was published', { where: 'published' }, { mustBeCurrent: true })
    return result.success ? EXIT.fine : EXIT.problems
  } finally {
    console.log(
      ['Summary:', ...lines, result.success ? endLine(version, dryRun) : `The release of ${version} did not come to its end.`].join('\n  '),
    )
    tellResult(result)
  }
}

function endLine(version, dryRun) {
  return dryRun ? 'nothing was changed' : `${version} is released.`
}

function syncLine(name, { platform, copied, reused, copiedBytes, unchanged, removed }, dryRun) {
  if (dryRun) return `${name} ${platform}: would be published, ${unchanged} files are there already`
  return `${name} ${platform}: ${copied} copied (${sizeText(copiedBytes)}), ${reused} reused, ${unchanged} unchanged, ${removed} removed`
}

/** Says which step begins, and makes its progress part of the whole. */
function stepsOf(onProgress) {
  const names = Object.keys(WEIGHTS)
  const total = Object.values(WEIGHTS).reduce((sum, weight) => sum + weight, 0)
  return {
    begin(name, title) {
      const index = names.indexOf(name)
      const from = names.slice(0, index).reduce((sum, before) => sum + WEIGHTS[before], 0)
      console.log(`Step ${index + 1} of ${names.length}: ${title}...`)
      return scale(onProgress, from / total, (from + WEIGHTS[name]) / total)
    },
  }
}
