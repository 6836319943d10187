import { setTimeout as wait } from 'node:timers/promises'

/** A time of day is set by so many seconds, each way. */
const JUMPS = [2, 20, 300, 7200]

/** How long a killed node stays away, and the database, in milliseconds. */
const AWAY_MS = 4_000
const DATABASE_AWAY_MS = 3_000

/**
 * What can go wrong, and how often. Each gives what it did when it is over.
 *
 * @typedef {object} Fault
 * @property {string} name
 * @property {number} weight
 * @property {'api' | 'worker' | 'any' | 'clock' | undefined} at which node it is done to; undefined: to the database
 * @property {(cluster: import('./cluster.mjs').Cluster, node: import('./node.mjs').ClusterNode) => Promise<string>} run
 */

/** @type {readonly Fault[]} */
export const FAULTS = [
  { name: 'kill', weight: 22, at: 'any', run: kill },
  { name: 'short freeze', weight: 10, at: 'any', run: (cluster, node) => freeze(cluster, node, shorter(cluster)) },
  { name: 'long freeze', weight: 14, at: 'any', run: (cluster, node) => freeze(cluster, node, longer(cluster)) },
  { name: 'clean restart', weight: 5, at: 'any', run: cleanRestart },
  { name: 'cut', weight: 8, at: 'any', run: cut },
  { name: 'short silence', weight: 6, at: 'worker', run: (cluster, node) => silence(cluster, node, shorter(cluster)) },
  { name: 'long silence', weight: 10, at: 'worker', run: (cluster, node) => silence(cluster, node, longer(cluster)) },
  { name: 'clock', weight: 8, at: 'clock', run: jump },
  { name: 'terminated connections', weight: 14, at: undefined, run: terminate },
  { name: 'fast restart of the database', weight: 4, at: undefined, run: (cluster) => restartDatabase(cluster, 'fast') },
  { name: 'crash of the database', weight: 4, at: undefined, run: (cluster) => restartDatabase(cluster, 'immediate') },
]

const shorter = ({ random, leaseMs }) => random.between(100, leaseMs / 2)
const longer = ({ random, leaseMs }) => random.between(leaseMs + 300, leaseMs * 2.5)

async function kill({ random }, node) {
  await node.process.kill()
  const ms = random.chance(0.4) ? 0 : random.between(0, AWAY_MS)
  await wait(ms)
  node.start()
  return `killed, started again after ${ms} ms`
}

async function freeze(_cluster, node, ms) {
  node.process.signal('SIGSTOP')
  await wait(ms)
  node.process.signal('SIGCONT')
  return `frozen for ${Math.round(ms)} ms`
}

/** As a new version is rolled out. */
async function cleanRestart({ records, stopMs }, node) {
  node.process.signal('SIGTERM')
  const started = performance.now()
  const ended = await Promise.race([node.process.exited(), wait(stopMs)])
  const ms = Math.round(performance.now() - started)
  if (ended === undefined) {
    records.violate(`${node.name} had not stopped ${ms} ms after SIGTERM: ${node.process.logTail()}`)
    await node.process.kill()
  } else if (ended.code !== 0) {
    records.violate(`${node.name} ended with ${ended.code ?? ended.signal} after SIGTERM: ${node.process.logTail()}`)
  }
  node.start()
  return `stopped in ${ms} ms and started again`
}

async function cut(cluster, node) {
  const ms = cluster.random.chance(0.5) ? shorter(cluster) : longer(cluster)
  node.proxy.refuse()
  await wait(ms)
  node.proxy.restore()
  return `cut from the database for ${Math.round(ms)} ms`
}

/** Nothing passes, and nobody is told. What was on its way arrives in the end. */
async function silence(_cluster, node, ms) {
  node.proxy.freeze()
  await wait(ms)
  node.proxy.restore()
  return `without an answer of the database for ${Math.round(ms)} ms`
}

async function jump({ random }, node) {
  const seconds = random.pick(JUMPS) * random.pick([-1, 1])
  node.clock.set(node.clock.offset === 0 ? seconds : random.pick([0, seconds]))
  return `its time of day is ${node.clock.offset} s off`
}

async function terminate({ database, random }) {
  return `${await database.terminate(random)} connections terminated`
}

async function restartDatabase(cluster, how) {
  const { postgres, random } = cluster
  const back = cluster.databaseAway()
  const ms = random.chance(0.5) ? 0 : random.between(0, DATABASE_AWAY_MS)
  await postgres.stop(how)
  await wait(ms)
  await postgres.start()
  back()
  return `database stopped (${how}), started again after ${ms} ms`
}
