import { randomUUID } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { checkAll } from './final-checks.mjs'
import { Creator } from './jobs/creator.mjs'
import { freePort, processesWith, until } from './processes.mjs'
import { createRandom } from './random.mjs'
import { Records } from './records.mjs'
import { ROUNDS } from './rounds.mjs'
import { ServerProcess } from './server-process.mjs'
import { SocketWatchers } from './watchers/socket.mjs'
import { watchJob } from './watchers/watch.mjs'

/** How long all jobs may take to end after the last round, in milliseconds. */
const LAST_JOBS_MS = 120_000
/** How long the watchers may take to learn of the end of the last job, in milliseconds. */
const LAST_WATCHERS_MS = 30_000
/** So many jobs may be under way at a time. */
const MAX_OPEN_JOBS = 14

const LEASE_MS = 1_500
const GRACE_MS = 1_000

/**
 * Kills a server again and again while jobs run, are created and are watched, and checks in the end that no promise was broken.
 *
 * @param {object} options
 * @param {{ name: string, kinds: object[], serve: (about: object) => object }} options.target
 * @param {number} options.rounds
 * @param {number} options.seed
 * @param {(line: string) => void} options.print
 * @returns {Promise<{ violations: string[], summary: string, folder: string }>} the folder is kept when something is wrong
 */
export async function runChaos({ target, rounds, seed, print }) {
  const random = createRandom(seed)
  const folder = mkdtempSync(join(tmpdir(), `headway-chaos-${target.name}-`))
  const workFolder = join(folder, 'work')
  mkdirSync(workFolder)
  const mark = randomUUID()
  const about = { port: await freePort(createRandom(process.pid)), key: randomUUID(), mark, workFolder, dataFolder: join(folder, 'data') }
  const times = { leaseMs: LEASE_MS, graceMs: GRACE_MS }
  const records = new Records()
  const server = new ServerProcess({
    ...about,
    ...target.serve({ ...about, ...times }),
    logFile: join(folder, 'server.log'),
    onUnasked: (what) => records.violate(what),
  })
  const stopping = new AbortController()
  const stop = stopping.signal
  const sockets = new SocketWatchers({ server, records, random: random.fork(), stop })
  const watching = []
  const onCreated = (job) => watching.push((target.watch ?? watchJob)(job, { server, sockets, random: random.fork(), stop }))
  const creator = new Creator({ server, records, kinds: target.kinds, random: random.fork(), stop, onCreated })
  const world = { server, records, creator, random, mark, ...times, startMs: 1_000, work, ensureReady }

  async function ensureReady() {
    if (!server.running) server.start()
    const ms = await server.ready()
    if (ms === undefined) throw new Error(`The server did not become ready: ${server.logTail()}`)
    return ms
  }

  /** Lets the server work for a while, with new jobs and requests for the ones that there are. */
  async function work(ms) {
    const open = records.open
    for (let count = random.between(0, 3); count > 0 && open.length + creator.unacknowledged < MAX_OPEN_JOBS; count -= 1) creator.create()
    for (const job of open) {
      if (random.chance(0.02)) creator.request(job, 'cancel')
      else if (job.kind.pausable && random.chance(0.3)) creator.request(job, random.pick(['pause', 'resume', 'resume', 'resume']))
    }
    await wait(ms)
  }

  async function finish() {
    await ensureReady()
    const ended = await until(LAST_JOBS_MS, async () => {
      for (const job of records.open) if (job.kind.pausable) creator.request(job, 'resume')
      await wait(200)
      return creator.unacknowledged === 0 && records.open.length === 0
    })
    if (ended === undefined) {
      const jobs = records.open.map(({ kind, id, lines }) => `${kind.name} ${id} at ${lines.at(-1)}`)
      records.violate(`${creator.unacknowledged} creations and these jobs have no end:\n  ${jobs.join('\n  ')}`)
      return
    }
    await until(LAST_WATCHERS_MS, () =>
      [...records.jobs.values()].every((job) => job.watchers.every(({ done }) => done) && job.taskWatcher?.done !== false),
    )
    await checkAll({ server, records, workFolder, kinds: target.kinds })
    server.signal('SIGTERM')
    const { code, signal } = await server.exited()
    if (code !== 0) records.violate(`The server ended with ${code ?? signal} after SIGTERM: ${server.logTail()}`)
    const left = processesWith('CHAOS_MARK', mark)
    if (left.length > 0) records.violate(`After the end there are still ${JSON.stringify(left)}`)
  }

  let done = 0
  try {
    while (done < rounds && records.violations.length === 0) {
      world.startMs = (await ensureReady()) || world.startMs
      const what = await random.weighted(ROUNDS)(world)
      done += 1
      const { length: open } = records.open
      print(
        `${target.name} ${String(done).padStart(String(rounds).length)}/${rounds}  ${what}; jobs: ${open} open, ${records.jobs.size - open} over, ${creator.unacknowledged} not acknowledged; ${records.eventsSeen} events seen`,
      )
    }
    await finish()
  } catch (error) {
    records.violate(`The test itself could not go on: ${error instanceof Error ? error.stack : String(error)}`)
  } finally {
    stopping.abort()
    if (server.running) await server.kill()
    await Promise.all([...watching, sockets.ended()])
  }
  if (records.violations.length === 0) rmSync(folder, { recursive: true })
  const connections = [...records.jobs.values()].flatMap(({ watchers }) => watchers).reduce((sum, watcher) => sum + watcher.connections, 0)
  const summary = `${target.name}: ${done} rounds, ${records.jobs.size} jobs, ${records.eventsSeen} events seen over ${connections} connections, ${records.violations.length} violations`
  return { violations: records.violations, summary, folder }
}
