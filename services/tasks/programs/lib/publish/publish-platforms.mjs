import { Failure } from '../command-line.mjs'
import { PLATFORMS } from '../platforms.mjs'
import { currentPath, manifestPath, readCurrent, readCurrentBytes, writeCurrent } from './layout.mjs'

/**
 * Makes filled versions visible: all manifests, then all pointers. When a pointer can't be written, those that were are put back.
 *
 * @param {import('./plan-platform.mjs').PlatformPlan[]} plans
 * @param {import('../storage/open-storage.mjs').Storage} target
 * @param {boolean} durable whether all of it has to outlast a loss of power
 * @throws {Failure} with what is current then
 */
export async function publishPlatforms(plans, target, durable) {
  for (const { platform, version, manifestBytes, manifestIsThere } of plans) {
    if (!manifestIsThere) await target.write(manifestPath(platform, version), manifestBytes, { durable })
  }
  const begun = []
  try {
    for (const { platform, version, manifestSha256: sha256, isCurrent, isLive } of plans) {
      if (isCurrent) continue
      // Of a live version the manifest that the old pointer names is no more.
      if (!isLive) begun.push({ platform, before: await readCurrentBytes(target, platform) })
      await writeCurrent(target, platform, { version, sha256 }, durable)
    }
  } catch (error) {
    // The last one may have been written all the same.
    for (const { platform, before } of begun.toReversed()) await putBack(target, platform, before)
    const current = await Promise.all(plans.map(({ platform }) => currentText(target, platform)))
    throw new Failure(
      `${error.message}\nNot all of it could be made current, so the pointers were put back. Current now: ${current.join(', ')}.`,
      {
        cause: error,
      },
    )
  }
}

async function putBack(target, platform, before) {
  try {
    if (before === undefined) await target.remove(currentPath(platform))
    else await target.write(currentPath(platform), before)
  } catch {
    // What is current now is looked at and said.
  }
}

async function currentText(target, platform) {
  try {
    return `${PLATFORMS[platform]} ${(await readCurrent(target, platform))?.version ?? 'none'}`
  } catch {
    return `${PLATFORMS[platform]} unknown`
  }
}
