import { ROUNDS } from './rounds.mjs'
import { World } from './world.mjs'

/**
 * Kills a server again and again while jobs run, are created and are watched, and checks in the end that no promise was broken.
 *
 * @param {object} options
 * @param {import('./targets/index.mjs').Target} options.target
 * @param {number} options.seed
 * @param {number} [options.rounds] so many, of all kinds
 * @param {readonly ((world: World) => Promise<string>)[]} [options.each] or these, one after another
 * @param {(line: string) => void} options.print
 * @returns {Promise<{ violations: string[], summary: string, folder: string }>} the folder is kept when something is wrong
 */
export async function runChaos({ target, seed, rounds = 0, each, print }) {
  const world = await World.create({ target, seed })
  const { records, creator, random } = world
  const total = each?.length ?? rounds
  let done = 0
  try {
    while (done < total && records.violations.length === 0) {
      await world.ensureReady()
      const what = await (each?.[done] ?? random.weighted(ROUNDS))(world)
      done += 1
      const { length: open } = records.open
      const number = String(done).padStart(String(total).length)
      print(
        `${target.name.padEnd(7)} ${number}/${total}  ${what}; jobs: ${open} open, ${records.jobs.size - open} over, ${creator.unacknowledged} not acknowledged; ${records.eventsSeen} events seen`,
      )
    }
    await world.finish()
  } catch (error) {
    records.violate(`The test itself could not go on: ${error instanceof Error ? error.stack : String(error)}`)
  } finally {
    await world.close()
  }
  const connections = [...records.jobs.values()].flatMap(({ watchers }) => watchers).reduce((sum, watcher) => sum + watcher.connections, 0)
  const summary = `${target.name}: ${done} rounds, ${records.jobs.size} jobs, ${records.eventsSeen} events seen over ${connections} connections, ${records.violations.length} violations`
  return { violations: records.violations, summary, folder: world.folder }
}
