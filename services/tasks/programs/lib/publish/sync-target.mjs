import { lockPlace } from '../lock/lock-place.mjs'
import { PLATFORMS } from '../platforms.mjs'
import { scale } from '../progress.mjs'
import { filesText, sizeText } from '../size-text.mjs'
import { fillPlatform, publishPlatform } from './fill-platform.mjs'
import { versionPrefix } from './layout.mjs'
import { planPlatform } from './plan-platform.mjs'

/** How the progress of comparing and of filling share the bar. */
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
 * @throws {import('../command-line.mjs').Failure} when it did not come off; what was current still is
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
  console.log(
    plan.isCurrent
      ? `${plan.version} is the current version already.`
      : `Would make ${plan.version} current, after ${plan.currentVersion ?? 'none'}.`,
  )
}

async function syncLocked(target, wish, lock) {
  const signal = AbortSignal.any([wish.signal, lock.lost])
  try {
    const filled = []
    for (const [index, platform] of wish.platforms.entries()) {
      const onProgress = scale(wish.onProgress, index / wish.platforms.length, (index + 1) / wish.platforms.length)
      filled.push(await fillOne(target, wish, platform, { signal, onProgress }))
    }
    // Also what an earlier run has copied, and not published.
    const changed = filled.some(({ plan }) => plan.todo.length > 0 || !plan.isCurrent)
    if (changed && wish.flush && !(await target.flush())) console.error('The system could not be told to write everything to the disk.')
    signal.throwIfAborted()
    await lock.assertHeld()
    for (const { plan } of filled) await publishPlatform(plan, target, wish.flush)
    for (const { plan } of filled) await removeStray(target, plan, wish)
    for (const { plan } of filled) console.log(`${PLATFORMS[plan.platform]} ${plan.version} is published.`)
    return filled.map(({ plan, made }) => outcomeOf(plan, wish, made))
  } catch (error) {
    // Without the lock, what is there may be somebody else's.
    if (!lock.lost.aborted) await clearParts(target, wish).catch(() => undefined)
    throw signal.aborted ? signal.reason : error
  }
}

async function fillOne(target, wish, platform, { signal, onProgress }) {
  console.log(`Publishing ${PLATFORMS[platform]} ${wish.version} to ${target.show(platform)}...`)
  await target.clear(platform, { deep: false })
  const plan = await planPlatform({ ...wish, platform, target, signal, onProgress: scale(onProgress, 0, PLAN_SHARE) })
  const made = await fillPlatform(plan, target, { threads: wish.threads, signal, onProgress: scale(onProgress, PLAN_SHARE, 1) })
  console.log(
    plan.todo.length === 0
      ? `All ${filesText(plan.manifest.totalFiles)} are there already.`
      : `Copied ${filesText(made.copied)} (${sizeText(made.copiedBytes)}), reused ${made.reused}, ${plan.manifest.totalFiles - plan.todo.length} were there already; read back.`,
  )
  return { plan, made }
}

async function removeStray(target, { platform, version, stray }, { keepStray }) {
  if (keepStray || stray.length === 0) return
  await target.removeAll(versionPrefix(platform, version), stray)
  console.log(`Removed ${filesText(stray.length)} that the manifest does not list.`)
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
