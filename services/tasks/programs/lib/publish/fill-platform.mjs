import { Failure } from '../command-line.mjs'
import { shownPath } from '../check/report.mjs'
import { filesText } from '../size-text.mjs'
import { manifestPath, versionPrefix, writeCurrent } from './layout.mjs'

/** At most so many wrong files are named. */
const MAX_NAMED = 20

/**
 * Copies what a plan says; what is written is read back. Nothing that watchers of the target look at first, its manifest or its pointer, is touched.
 *
 * @param {import('./plan-platform.mjs').PlatformPlan} plan
 * @param {import('../storage/open-storage.mjs').Storage} target
 * @param {{ threads?: number, signal: AbortSignal, onProgress: (fraction: number, message: string) => void }} how
 * @returns {Promise<{ copied: number, reused: number, copiedBytes: number }>}
 * @throws {Failure} when the target does not take it, or the source is not what its manifest says
 */
export async function fillPlatform(plan, target, { threads, signal, onProgress }) {
  await target.clear(versionPrefix(plan.platform, plan.version), { deep: true })
  const made = await copyAll(plan, target, { threads, signal, onProgress })
  await mustBeThere(plan, target)
  return made
}

async function copyAll({ platform, version, source, todo }, target, { threads, signal, onProgress }) {
  const totalBytes = todo.reduce((sum, { size }) => sum + size, 0)
  const made = { copied: 0, reused: 0, copiedBytes: 0 }
  /** @type {string[]} */
  const lies = []
  let bytes = 0
  let files = 0
  const onFile = (index, outcome) => {
    const { path, size } = todo[index]
    bytes += size
    files += 1
    if (outcome.lie !== undefined) lies.push(`${shownPath(path)} ${outcome.lie}`)
    else {
      made[outcome.how] += 1
      if (outcome.how === 'copied') made.copiedBytes += size
    }
    onProgress(totalBytes === 0 ? 1 : bytes / totalBytes, `${files} of ${todo.length} files copied`)
  }
  await target.put(versionPrefix(platform, version), todo, onFile, { source, threads, signal })
  if (lies.length > 0) {
    const named = lies.toSorted().slice(0, MAX_NAMED)
    const rest = lies.length > named.length ? `\n  and ${lies.length - named.length} more` : ''
    throw new Failure(
      `Nothing is published, because ${filesText(lies.length)} in ${source} differ from the manifest:${named.map((lie) => `\n  ${lie}`).join('')}${rest}`,
    )
  }
  return made
}

/** What was copied was read back; now every file must be there. */
async function mustBeThere({ platform, version, manifest }, target) {
  const prefix = versionPrefix(platform, version)
  const sizes = new Map((await target.list(prefix)).map(({ path, size }) => [path, size]))
  const wrong = manifest.files.filter(({ path, size }) => sizes.get(path) !== size)
  if (wrong.length > 0) {
    throw new Failure(
      `On the target ${target.show(prefix)} ${filesText(wrong.length)} are missing or changed after they were written, such as ${shownPath(wrong[0].path)}. Run this again.`,
    )
  }
}

/**
 * Makes a filled version visible: its manifest, then the pointer.
 *
 * @param {import('./plan-platform.mjs').PlatformPlan} plan
 * @param {boolean} durable whether both have to outlast a loss of power
 */
export async function publishPlatform(plan, target, durable) {
  const { platform, version, manifestBytes, manifestSha256, manifestIsThere, isCurrent } = plan
  if (!manifestIsThere) await target.write(manifestPath(platform, version), manifestBytes, { durable })
  if (!isCurrent) await writeCurrent(target, platform, { version, sha256: manifestSha256 }, durable)
}
