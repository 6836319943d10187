import { Failure } from '../command-line.mjs'
import { lockPlace } from '../lock/lock-place.mjs'
import { PLATFORMS } from '../platforms.mjs'
import { scale } from '../progress.mjs'
import { filesText, sizeText } from '../size-text.mjs'
import { fillPlatform } from './fill-platform.mjs'
import { versionPrefix } from './layout.mjs'
import { planPlatform } from './plan-platform.mjs'
import { publishPlatforms } from './publish-platforms.mjs'
import { liesFailure, liesOf } from './source-files.mjs'

/** How much of the bar comparing takes, before filling. */
const PLAN_SHARE = 0.25

/**
 * @typedef {object} SyncWish
 * @property {string} program for the lock
 * @property {string} root the folder with the versions
 * @property {string} version
 * @property {string[]} platforms
 * @property {string} [reuseVersion] a version on the target whose files may be taken
 * @property {number} [threads] how much is done at a time
 * @property {boolean} keepStray
 * @property {boolean} flush
 * @property {boolean} dryRun
 * @property {number} waitMs for the lock
 * @property {AbortSignal} signal
 * @property {(fraction: number, message: string) => void} onProgress
 *
 * @typedef {{ platform: string, files: number, copied: number, reused: number, copiedBytes: number, unchanged: number, removed: number }} PlatformSync
 */

/**
 * Publishes the resources of a version to one target, all its platforms or none: nothing is current before all of it is there and was read back.
 *
 * @param {import('../storage/open-storage.mjs').Storage} target
 * @param {SyncWish} wish
 * @param {Awaited<ReturnType<typeof lockPlace>>} [heldLock] of the target, when the caller has it
 * @returns {Promise<PlatformSync[]>}
 * @throws {Failure} when it did not come off, with what is current then; or when all is published and only what is stray could not be removed
 * @throws {import('../command-line.mjs').Refusal} when a manifest is broken
 */
export async function syncTarget(target, wish, heldLock) {
  if (wish.dryRun) return planAll(target, wish, wish.signal)
  const lock = heldLock ?? (await lockPlace(target, wish))
  try {
    return await syncLocked(target, wish, lock)
  } finally {
    // A target that is gone does not take the lock back either.
    if (heldLock === undefined) await lock.release().catch(() => undefined)
  }
}

async function planAll(target, wish, signal) {
  const done = []
  for (const [index, platform] of wish.platforms.entries()) {
    const onProgress = scale(wish.onProgress, index / wish.platforms.length, (index + 1) / wish.platforms.length)
    console.log(`Comparing ${PLATFORMS[platform]} ${wish.version} with ${target.show(versionPrefix(platform, wish.version))}...`)
    const plan = await planPlatform({ ...wish, platform, target, signal, onProgress })
    printPlan(plan, wish)
    done.push(outcomeOf(plan, wish, { copied: 0, reused: 0, copiedBytes: 0 }))
  }
  return done
}

function printPlan(plan, { keepStray }) {
  const fresh = plan.todo.filter(({ reuse }) => reuse === undefined)
  const bytes = fresh.reduce((sum, { size }) => sum + size, 0)
  const reused = plan.todo.length - fresh.length
  console.log(
    `Would copy ${filesText(fresh.length)} (${sizeText(bytes)}) of ${plan.manifest.totalFiles}, and take ${reused} from the reuse version.`,
  )
  if (plan.stray.length > 0 && !keepStray) console.log(`Would remove ${filesText(plan.stray.length)} that the manifest does not list.`)
  console.log(changeText(plan))
}

function changeText({ version, isCurrent, isLive, currentVersion }) {
  if (isCurrent) return `${version} is the current version already.`
  if (isLive) return `Would change the files of ${version} in place, which is current with another manifest.`
  return `Would make ${version} current, after ${currentVersion ?? 'none'}.`
}

async function syncLocked(target, wish, lock) {
  const signal = AbortSignal.any([wish.signal, lock.lost])
  let plans = []
  let isFilling = false
  let isPublishing = false
  try {
    plans = await planToFill(target, wish, signal)
    if (plans.some(({ isLive }) => isLive)) await mustBeTrue(plans, wish, signal)
    isFilling = true
    const filled = await fillAll(target, plans, wish, signal)
    // Also what an earlier run has copied, and not published.
    const changed = plans.some(({ todo, isCurrent }) => todo.length > 0 || !isCurrent)
    if (changed && wish.flush && !(await target.flush())) console.error('The system could not be told to write everything to the disk.')
    signal.throwIfAborted()
    await lock.assertHeld()
    isPublishing = true
    await publishPlatforms(plans, target, wish.flush)
    for (const { platform, version } of plans) console.log(`${PLATFORMS[platform]} ${version} is published.`)
    for (const { plan, stray } of filled) await removeStray(target, plan, stray, wish)
    return filled.map(({ plan, made }) => outcomeOf(plan, wish, made))
  } catch (error) {
    // Without the lock, what is there may be somebody else's.
    if (!lock.lost.aborted) await clearParts(target, wish).catch(() => undefined)
    // What became of the pointers matters more than why it was stopped.
    const reason = signal.aborted && !isPublishing ? signal.reason : error
    const live = isFilling && !(error instanceof StrayLeft) ? plans.filter(({ isLive }) => isLive) : []
    throw live.length === 0 ? reason : new Failure(`${reason.message}\n${liveText(live)}`, { cause: reason })
  }
}

/** It is published, and what is stray could not be removed. */
class StrayLeft extends Failure {}

function liveText(live) {
  const names = live.map(({ platform, version }) => `${PLATFORMS[platform]} ${version}`).join(', ')
  return `Files of ${names}, which was current before, may have been changed to those of the new manifest. Run this again.`
}

async function planToFill(target, wish, signal) {
  const plans = []
  const { platforms, version } = wish
  for (const [index, platform] of platforms.entries()) {
    const onProgress = scale(wish.onProgress, (PLAN_SHARE * index) / platforms.length, (PLAN_SHARE * (index + 1)) / platforms.length)
    console.log(`Publishing ${PLATFORMS[platform]} ${version} to ${target.show(platform)}...`)
    await target.clear(platform, { deep: false })
    plans.push(await planPlatform({ ...wish, platform, target, signal, onProgress }))
  }
  return plans
}

/** Files that people are getting are changed in place only when all that goes there is what it should be. */
async function mustBeTrue(plans, { threads }, signal) {
  for (const { platform, version, todo } of plans.filter(({ isLive }) => isLive)) {
    const name = `${PLATFORMS[platform]} ${version}`
    console.log(`${name} is current with another manifest; ${filesText(todo.length)} to change in place.`)
  }
  for (const plan of plans) {
    const lies = await liesOf(plan, { threads, signal })
    if (lies.length > 0) throw liesFailure('Nothing was changed', plan.source, lies)
  }
}

async function fillAll(target, plans, { threads, keepStray, flush, onProgress }, signal) {
  const filled = []
  const step = (1 - PLAN_SHARE) / plans.length
  for (const [index, plan] of plans.entries()) {
    const scaled = scale(onProgress, PLAN_SHARE + step * index, PLAN_SHARE + step * (index + 1))
    const { made, stray } = await fillPlatform(plan, target, { threads, keepStray, flush, signal, onProgress: scaled })
    const { totalFiles } = plan.manifest
    console.log(
      plan.todo.length === 0
        ? `All ${filesText(totalFiles)} are there already.`
        : `Copied ${filesText(made.copied)} (${sizeText(made.copiedBytes)}), reused ${made.reused}, ${totalFiles - plan.todo.length} were there already; read back.`,
    )
    filled.push({ plan, made, stray })
  }
  return filled
}

async function removeStray(target, plan, stray, { keepStray }) {
  if (keepStray || plan.stray.length === 0) return
  const prefix = versionPrefix(plan.platform, plan.version)
  try {
    await target.removeAll(prefix, stray)
  } catch (error) {
    throw new StrayLeft(
      `${plan.version} is published, but files that its manifest does not list are still in ${target.show(prefix)}: ${error.message}. Run this again to remove them.`,
      { cause: error },
    )
  }
  console.log(`Removed ${filesText(plan.stray.length)} that the manifest does not list.`)
}

async function clearParts(target, { platforms, version }) {
  for (const platform of platforms) {
    await target.clear(platform, { deep: false })
    await target.clear(versionPrefix(platform, version), { deep: true })
  }
}

function outcomeOf(plan, { keepStray }, made) {
  return {
    platform: plan.platform,
    files: plan.manifest.totalFiles,
    ...made,
    unchanged: plan.manifest.totalFiles - plan.todo.length,
    removed: keepStray ? 0 : plan.stray.length,
  }
}
