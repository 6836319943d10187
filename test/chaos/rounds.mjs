import { once } from 'node:events'
import { setTimeout as wait } from 'node:timers/promises'
import { isAlive, processesWith, processHostOf, until } from './processes.mjs'

/** How long the processes of a dead server's scripts may live on, in milliseconds. */
const LEFTOVERS_MS = 5_000

/** How long it may take until a script is started, in milliseconds. */
const HOST_MS = 3_000

/** The longest that a round lets the server work before it dies, in milliseconds. */
const WORK_MS = 900

/**
 * What can happen in a round, and how often. A round gives what it did; the server may be dead after it.
 *
 * @type {readonly (readonly [number, (world: import('./world.mjs').World) => Promise<string>])[]}
 */
export const ROUNDS = [
  [30, randomMoment],
  [12, duringStart],
  [14, duringCreation],
  [20, rightAfterCommit],
  [14, duringDrain],
  [3, cleanStop],
  [10, hostOnly],
  [4, serverAndHost],
  [4, frozen],
]

/** One of each kind. */
export const EACH_ROUND = ROUNDS.map(([, round]) => round)

async function randomMoment(world) {
  await world.work(world.random.between(0, WORK_MS))
  return killServer(world, 'at a random moment')
}

async function duringStart(world) {
  const { server, random } = world
  await server.kill()
  server.start()
  const ms = random.between(0, Math.round(world.startMs * 1.2))
  await wait(ms)
  return killServer(world, `${ms} ms into its start`)
}

async function duringCreation(world) {
  await world.work(world.random.between(0, 100))
  const count = world.random.between(2, 4)
  for (let i = 0; i < count; i += 1) world.creator.create()
  await wait(world.random.between(0, 40))
  return killServer(world, 'while jobs were created')
}

/** In the very moment in which a watcher learns of an event, its commit is a few milliseconds old, and the next is under way. */
async function rightAfterCommit(world) {
  await world.work(world.random.between(0, 300))
  const seen = once(world.records, 'event', { signal: AbortSignal.timeout(WORK_MS) }).catch(() => undefined)
  for (let skip = world.random.between(0, 30); skip > 0; skip -= 1) {
    await once(world.records, 'event', { signal: AbortSignal.timeout(20) }).catch(() => undefined)
  }
  await seen
  return killServer(world, 'right after a commit')
}

async function duringDrain(world) {
  const { server, random } = world
  await world.work(random.between(0, WORK_MS / 2))
  const ms = random.between(0, world.graceMs)
  server.signal('SIGTERM')
  await wait(ms)
  return killServer(world, `${ms} ms into its drain`)
}

async function cleanStop(world) {
  const { server, records } = world
  await world.work(world.random.between(0, WORK_MS / 2))
  server.signal('SIGTERM')
  const ended = await Promise.race([server.exited(), wait(world.graceMs * 4 + 10_000)])
  if (ended === undefined) records.violate(`The server had not stopped long after SIGTERM`)
  else if (ended.code !== 0) records.violate(`The server ended with ${ended.code ?? ended.signal} after SIGTERM: ${server.logTail()}`)
  return killServer(world, 'after a clean stop')
}

async function hostOnly(world) {
  const host = await hostAtWork(world)
  if (host === undefined) return killServer(world, 'before it had a process host')
  const runs = runsOf(world)
  process.kill(host, 'SIGKILL')
  const gone = await runsGone(world, runs)
  return `process host killed, ${gone}`
}

async function serverAndHost(world) {
  const { server, random } = world
  const host = await hostAtWork(world)
  const runs = runsOf(world)
  const kills = [() => server.signal('SIGKILL'), () => host !== undefined && process.kill(host, 'SIGKILL')]
  for (const kill of random.chance(0.5) ? kills : kills.toReversed()) kill()
  await server.exited()
  if (host !== undefined) await until(LEFTOVERS_MS, () => !isAlive(host))
  // Nobody is left to kill the scripts but the next server, which does it before it starts anything.
  await world.ensureReady()
  const gone = await runsGone(world, runs)
  return `server and process host killed; by the next server ${gone}`
}

/** The server's process host, some time after it got a script to run. */
async function hostAtWork(world) {
  world.creator.createScript()
  const host = await until(HOST_MS, () => processHostOf(world.server.pid))
  await world.work(world.random.between(0, WORK_MS))
  return host
}

async function frozen(world) {
  await world.work(world.random.between(100, WORK_MS))
  return freeze(world)
}

/** Freezes the server past its leases, looks that its scripts end meanwhile, and wakes it. */
export async function freeze(world) {
  const { server, random, records, leaseMs } = world
  const runs = runsOf(world)
  server.signal('SIGSTOP')
  const from = Date.now()
  // The last renewal may just have been; scripts that start right then have a whole lease of their own.
  await wait(leaseMs + random.between(50, leaseMs))
  const gone = await runsGone(world, runs)
  const woken = Date.now()
  records.freezes.push({ from, until: woken })
  server.signal('SIGCONT')
  return `server frozen for ${woken - from} ms, ${gone}`
}

/**
 * `kill -9`. Mostly waits until the scripts of the dead server are gone; sometimes the next server is started at once, which must find
 * its folder unlocked all the same.
 */
async function killServer(world, when) {
  const { server, random, records } = world
  const runs = runsOf(world)
  await server.kill()
  if (random.chance(0.35)) {
    server.start()
    const gone = await runsGone(world, runs)
    return `killed ${when}, next server at once, ${gone}`
  }
  const started = performance.now()
  const none = await until(LEFTOVERS_MS, () => processesWith('CHAOS_MARK', world.mark).length === 0)
  if (none !== true) {
    records.violate(`Scripts run on without a server: ${JSON.stringify(processesWith('CHAOS_MARK', world.mark))}`)
  }
  return `killed ${when}, ${runs.size} runs gone after ${Math.round(performance.now() - started)} ms`
}

function runsOf(world) {
  return new Set(processesWith('CHAOS_MARK', world.mark).map(({ run }) => run))
}

async function runsGone(world, runs) {
  const started = performance.now()
  const left = () => processesWith('CHAOS_MARK', world.mark).filter(({ run }) => runs.has(run))
  if ((await until(LEFTOVERS_MS, () => left().length === 0)) !== true) {
    world.records.violate(`Scripts of runs that are over run on: ${JSON.stringify(left())}`)
  }
  return `${runs.size} runs gone after ${Math.round(performance.now() - started)} ms`
}
