import { lockPlace } from '../lock/lock-place.mjs'
import { TARGETS } from '../places.mjs'
import { openStorage } from '../storage/open-storage.mjs'
import { mustBePublished, readReuse, rolledBack, withVersion, writeReuse } from './reuse.mjs'

/**
 * Sets the reuse version of an environment, or goes back to the one before.
 *
 * @param {ReturnType<typeof import('../places.mjs').readEnvironment>} places
 * @param {{ program: string, version?: string, dryRun: boolean, waitMs: number, signal: AbortSignal }} wish without a version it goes back
 * @returns {Promise<{ version: string, previous?: string, changed: boolean, dryRun: boolean }>}
 * @throws {import('../command-line.mjs').Failure} when the version is not published completely on every target
 * @throws {import('../command-line.mjs').Refusal} when there is nothing to go back to
 */
export async function updateReuse(places, wish) {
  const environment = await openStorage(places.environment)
  if (wish.dryRun) return change(places, environment, wish)
  const lock = await lockPlace(environment, wish)
  try {
    await environment.clear('', { deep: false })
    return await change(places, environment, wish, lock)
  } finally {
    await lock.release().catch(() => undefined)
  }
}

async function change(places, environment, { version, dryRun }, lock) {
  const reuse = await readReuse(environment)
  const now = new Date().toISOString()
  const next = version === undefined ? rolledBack(reuse, now) : withVersion(reuse, version, now)
  const target = next.current.version
  const isSame = version !== undefined && reuse?.current.version === version
  for (const [name, platforms] of Object.entries(TARGETS)) {
    const storage = await openStorage(places[name])
    for (const platform of platforms) await mustBePublished(storage, platform, target)
  }
  if (!dryRun && !isSame) {
    await lock.assertHeld()
    await writeReuse(environment, next)
  }
  console.log(
    isSame
      ? `The reuse version is ${target} already.`
      : `${dryRun ? 'Would set the' : 'The'} reuse version ${dryRun ? 'to' : 'is now'} ${target}.`,
  )
  return { version: target, ...(reuse && { previous: reuse.current.version }), changed: !isSame && !dryRun, dryRun }
}
