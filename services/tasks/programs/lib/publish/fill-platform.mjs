import { Failure } from '../command-line.mjs'
import { shownPath } from '../check/report.mjs'
import { MANIFEST_FILE } from '../manifest.mjs'
import { filesText } from '../size-text.mjs'
import { isPart } from '../storage/part-name.mjs'
import { compareSizes } from './compare-sizes.mjs'
import { versionPrefix } from './layout.mjs'
import { BEHIND_LINK, liesFailure, lieText, reachIn } from './source-files.mjs'

/**
 * Copies what a plan says; what is written is read back. Nothing that watchers of the target look at first, its manifest or its pointer, is touched.
 *
 * @param {import('./plan-platform.mjs').PlatformPlan} plan
 * @param {import('../storage/open-storage.mjs').Storage} target
 * @param {{ threads?: number, keepStray: boolean, flush: boolean, signal: AbortSignal, onProgress: (fraction: number, message: string) => void }} how
 * @returns {Promise<{ made: { copied: number, reused: number, copiedBytes: number }, stray: string[] }>} `stray` is there and not in the manifest
 * @throws {Failure} when the target does not take it, or the source is not what its manifest says
 */
export async function fillPlatform(plan, target, how) {
  await target.clear(versionPrefix(plan.platform, plan.version), { deep: true })
  const made = await copyAll(plan, target, how)
  // Where nothing was copied, all of it was looked at just now.
  return { made, stray: plan.todo.length === 0 ? plan.stray : await mustBeThere(plan, target) }
}

async function copyAll({ platform, version, source, todo, isCurrent }, target, { threads, keepStray, flush, signal, onProgress }) {
  const isReachable = reachIn(source)
  const files = todo.filter(({ path }) => isReachable(path))
  const lies = todo.flatMap(({ path }) => (isReachable(path) ? [] : [lieText(path, BEHIND_LINK)]))
  const totalBytes = files.reduce((sum, { size }) => sum + size, 0)
  const made = { copied: 0, reused: 0, copiedBytes: 0 }
  let bytes = 0
  let done = 0
  const onFile = (index, outcome) => {
    const { path, size } = files[index]
    bytes += size
    done += 1
    if (outcome.lie !== undefined) lies.push(lieText(path, outcome.lie))
    else {
      made[outcome.how] += 1
      if (outcome.how === 'copied') made.copiedBytes += size
    }
    onProgress(totalBytes === 0 ? 1 : bytes / totalBytes, `${done} of ${files.length} files copied`)
  }
  await target.put(versionPrefix(platform, version), files, onFile, {
    source,
    keepStray,
    reserved: [MANIFEST_FILE],
    flush,
    threads,
    signal,
  })
  if (lies.length > 0) throw liesFailure(isCurrent ? `${version} could not be mended` : 'Nothing is published', source, lies)
  return made
}

/** What was copied was read back; now every file must be there. @returns what is there besides */
async function mustBeThere({ platform, version, manifest }, target) {
  const prefix = versionPrefix(platform, version)
  const { paths, wrong } = await compareSizes(target, prefix, manifest)
  if (wrong.length > 0) {
    throw new Failure(
      `On the target ${target.show(prefix)} ${filesText(wrong.length)} are missing or changed after they were written, such as ${shownPath(wrong[0].path)}. Run this again.`,
    )
  }
  const listed = new Set([MANIFEST_FILE, ...manifest.files.map(({ path }) => path)])
  return paths.filter((path) => !listed.has(path) && !isPart(path))
}
