import { setTimeout as wait } from 'node:timers/promises'
import { checkAll, readLog } from '../chaos/final-checks.mjs'
import { ask } from '../chaos/http.mjs'
import { Creator } from '../chaos/jobs/creator.mjs'
import { processesWith, until } from '../chaos/processes.mjs'
import { shorten } from '../chaos/records.mjs'
import { headway } from '../chaos/targets/headway.mjs'
import { SocketWatchers } from '../chaos/watchers/socket.mjs'
import { watchJob } from '../chaos/watchers/watch.mjs'
import { cancelTook, checkWriters } from './check-writers.mjs'
import { Cluster } from './cluster.mjs'
import { Entrance } from './entrance.mjs'
import { FaultMaker } from './fault-maker.mjs'
import { clusterKinds } from './kinds.mjs'
import { ScriptWatch } from './script-watch.mjs'

/** How long all jobs may take to end when nothing is done to the nodes any more, in milliseconds. */
const LAST_JOBS_MS = 90_000
/** How long the watchers may take to learn of the end of the last job, in milliseconds. */
const LAST_WATCHERS_MS = 30_000

/** So many jobs may be under way at a time. */
const MAX_OPEN_JOBS = 24

/** How often clients do something, in milliseconds. */
const STEP_MS = 250

/**
 * Runs jobs of all services on a cluster in which everything fails that can, watches them, and checks in the end that no promise was broken.
 *
 * @param {object} options
 * @param {number} options.seed
 * @param {number} options.jobs how many are created
 * @param {number} options.ms how long things go wrong
 * @param {readonly string[]} [options.faults] the names of those that happen, one after another; by default they are drawn, for as long as `ms` says
 * @param {(line: string) => void} options.print
 * @returns {Promise<{ violations: string[], summary: string, folder: string }>} the folder is kept when something is wrong
 */
export async function runCluster({ seed, jobs, ms, faults, print }) {
  const started = performance.now()
  const cluster = await Cluster.start(seed)
  const { records, random } = cluster
  const stopping = new AbortController()
  const stop = stopping.signal
  const kinds = clusterKinds(cluster.lists)
  const server = new Entrance({ nodes: cluster.apiNodes, key: cluster.key, random: random.fork() })
  const sockets = new SocketWatchers({ server, records, random: random.fork(), stop })
  const watching = []
  const creator = new Creator({
    server,
    records,
    kinds,
    random: random.fork(),
    stop,
    onCreated(job) {
      const watch = job.kind.name in TASKS ? headway.watch : watchJob
      watching.push(watch(job, { server, sockets, random: random.fork(), stop }))
    },
  })
  const scripts = new ScriptWatch({ records, mark: cluster.mark, cancelMs: cluster.cancelMs, stop })
  const looking = scripts.run()
  const maker = new FaultMaker({ cluster, print: (line) => print(`${seconds(started)}  ${line}; ${standing(records, creator)}`) })
  print(`${seconds(started)}  ${cluster.nodes.length} nodes are ready`)
  try {
    const over = faults === undefined ? maker.runFor(ms) : maker.runEach(faults)
    await act({ creator, records, random: random.fork(), jobs, ms, stop })
    await over
    await finish({ cluster, server, creator, records, kinds, scripts })
  } catch (error) {
    records.violate(`The test itself could not go on: ${error instanceof Error ? error.stack : String(error)}`)
  } finally {
    await cluster.note()
    stopping.abort()
    await Promise.all([...watching, looking, sockets.ended()])
    await cluster.close()
  }
  return { violations: records.violations, summary: summaryOf({ records, maker, scripts, started }), folder: cluster.folder }
}

const TASKS = { once: true, again: true, steps: true }

const seconds = (started) => `${String(Math.round((performance.now() - started) / 1000)).padStart(4)} s`

const standing = (records, creator) =>
  `jobs: ${records.open.length} open, ${records.jobs.size - records.open.length} over, ${creator.unacknowledged} not answered; ${records.eventsSeen} events seen`

/** Clients create jobs, more or less evenly, and cancel, pause and resume some. */
async function act({ creator, records, random, jobs, ms, stop }) {
  const started = performance.now()
  for (let made = 0; !stop.aborted; await wait(STEP_MS)) {
    const share = Math.min(1, (performance.now() - started) / (ms * 0.9))
    const room = MAX_OPEN_JOBS - records.open.length - creator.unacknowledged
    // Several at a time now and then.
    if (random.chance(0.4)) for (const most = made + room; made < Math.min(most, jobs * share); made += 1) creator.create()
    for (const job of records.open) {
      if (random.chance(0.006)) creator.request(job, 'cancel')
      else if (job.kind.pausable && random.chance(0.04)) creator.request(job, random.pick(['pause', 'resume', 'resume', 'resume']))
    }
    if (share === 1 && made >= jobs && performance.now() - started > ms) return
  }
}

/** Lets all jobs end, and checks everything. */
async function finish({ cluster, server, creator, records, kinds, scripts }) {
  await cluster.ready()
  const ended = await until(LAST_JOBS_MS, async () => {
    // Some may rest.
    for (const job of records.open) creator.request(job, 'resume')
    await wait(3_000)
    return creator.unacknowledged === 0 && records.open.length === 0
  })
  if (ended === undefined) {
    const describe = async ({ kind, id, lines }) =>
      `${kind.name} ${id} at ${shorten(lines.at(-1))}\n    ${JSON.stringify(await cluster.database.rowOf(id))}`
    const open = await Promise.all(records.open.map(describe))
    return records.violate(`${creator.unacknowledged} creations and these jobs have no end:\n  ${open.join('\n  ')}`)
  }
  const all = [...records.jobs.values()]
  await until(LAST_WATCHERS_MS, () => all.every((job) => job.watchers.every(({ done }) => done) && job.taskWatcher?.done !== false))
  await checkAll({ server, records, workFolder: cluster.workFolder, kinds })
  await checkPieces({ cluster, server, records })
  await cluster.stop()
  const left = await until(1_000, () => processesWith('CHAOS_MARK', cluster.mark).length === 0)
  if (left === undefined) records.violate(`After the end there are still ${JSON.stringify(processesWith('CHAOS_MARK', cluster.mark))}`)
  if (scripts.runs.size === 0) records.violate('No script was ever seen at work: the test does not see the processes')
}

/** By what the database noted: who wrote, and when. */
async function checkPieces({ cluster, server, records }) {
  const pieces = await cluster.database.pieces()
  for (const job of records.jobs.values()) {
    const own = pieces.get(job.id) ?? []
    const lines = (await readLog(server, job.id)) ?? []
    const wrong = checkWriters(
      lines.map((line) => JSON.parse(line)),
      own,
    )
    const took = cancelTook(job, own)
    const most = cluster.cancelEndMs + cluster.awayWithin(job.cancelHeardAt, job.cancelHeardAt + took)
    if (job.kind.checkResult !== undefined && lines.at(-1)?.includes('"type":"completed"')) wrong.push(...(await checkResult(server, job)))
    if (took > most) wrong.push(`it ended ${Math.round(took)} ms after its cancel was acknowledged, later than ${Math.round(most)} ms`)
    for (const problem of wrong) records.violate(`${job.kind.name} ${job.id}: ${problem}`)
  }
}

/** The result with all that is kept beside the job, as any node gives it. */
async function checkResult(server, { id, kind, input }) {
  const { status, text } = await ask(`${server.url}/jobs/${id}/result`, { headers: server.headers })
  return status === 200 ? kind.checkResult(JSON.parse(text), input) : [`its result was answered ${status}: ${text}`]
}

function summaryOf({ records, maker, scripts, started }) {
  const jobs = [...records.jobs.values()]
  const watchers = jobs.flatMap((job) => [...job.watchers, ...(job.taskWatcher === undefined ? [] : [job.taskWatcher])])
  const connections = watchers.reduce((sum, watcher) => sum + watcher.connections, 0)
  const events = jobs.reduce((sum, { lines }) => sum + lines.length, 0)
  const count = (type) => jobs.filter(({ lines }) => lines.at(-1)?.includes(`"type":"${type}"`)).length
  const ends = ['completed', 'failed', 'cancelled'].map((type) => `${count(type)} ${type}`).join(', ')
  const recoveries = jobs.reduce((sum, { lines }) => sum + lines.filter((line) => line.includes('"type":"recovered"')).length, 0)
  const faults = [...maker.counts].map(([name, times]) => `${name} ${times}`).join(', ')
  return [
    `${Math.round((performance.now() - started) / 1000)} s; ${jobs.length} jobs (${ends}; ${recoveries} recoveries), ${events} events`,
    `${watchers.length} watchers, ${records.eventsSeen} events seen, ${connections - watchers.length} reconnects; ${scripts.runs.size} runs of scripts`,
    `faults: ${faults}`,
    `${records.violations.length} violations`,
  ].join('\n')
}
