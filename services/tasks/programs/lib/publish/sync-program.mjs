import { EXIT, readName, runProgram } from '../command-line.mjs'
import { tellProgress, tellResult } from '../markers.mjs'
import { readEnvironment, readPlace, TARGETS } from '../places.mjs'
import { openStorage } from '../storage/open-storage.mjs'
import { reuseVersionOf } from './reuse.mjs'
import { readSyncOptions, SYNC_NOTES, SYNC_OPTIONS, threadsOf } from './sync-options.mjs'
import { syncTarget } from './sync-target.mjs'

/**
 * The program that publishes one target.
 *
 * @param {{ name: string, target: 'facebook' | 'native', summary: string }} about
 */
export async function runSyncProgram({ name, target, summary }) {
  const options = {
    ...SYNC_OPTIONS,
    target: { value: 'PLACE', help: `The target itself, in place of <publish>/<env>/${target}` },
    reuse: { value: 'NAME', help: 'The version to take files from; none takes none. It is what update-reuse has set' },
  }
  const more = `${SYNC_NOTES}\n\nExit codes: 0 published, 1 it did not come off, 2 called wrongly or a manifest is broken.`
  await runProgram({ name, summary, options, more, tidies: true }, async (given, signal) => {
    const wish = readSyncOptions(given)
    const environment = readEnvironment(given)
    const storage = await openStorage(given.target === undefined ? environment[target] : readPlace('target', given.target))
    const reuseVersion = await readReuseOption(given, environment)
    const platforms = await syncTarget(storage, {
      ...wish,
      program: name,
      platforms: TARGETS[target],
      reuseVersion,
      threads: threadsOf(wish, storage),
      signal,
      onProgress: tellProgress,
    })
    tellResult({ version: wish.version, target: storage.shown, dryRun: wish.dryRun, platforms })
    return EXIT.fine
  })
}

/** What to take files from: what the option says, else the reuse version of the environment; a target of its own has none. */
async function readReuseOption({ reuse, target }, { environment }) {
  if (reuse !== undefined) return reuse === 'none' ? undefined : readName('reuse', reuse)
  return target === undefined ? reuseVersionOf(await openStorage(environment)) : undefined
}
