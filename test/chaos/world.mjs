import { randomUUID } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { checkAll } from './final-checks.mjs'
import { Creator } from './jobs/creator.mjs'
import { freePort, processesWith, until } from './processes.mjs'
import { createRandom } from './random.mjs'
import { Records, shorten } from './records.mjs'
import { ServerProcess } from './server-process.mjs'
import { SocketWatchers } from './watchers/socket.mjs'
import { watchJob } from './watchers/watch.mjs'

/** How long all jobs may take to end when nothing is killed any more, in milliseconds. */
const LAST_JOBS_MS = 120_000
/** How long the watchers may take to learn of the end of the last job, in milliseconds. */
const LAST_WATCHERS_MS = 30_000
/** So many jobs may be under way at a time. */
const MAX_OPEN_JOBS = 14

/** Short ones, so that a lost lease is soon lost. In milliseconds. */
const LEASE_MS = 1_500
const GRACE_MS = 1_000

/** A server on a folder of its own, clients that create jobs and follow them, and what they know. */
export class World {
  leaseMs
  graceMs = GRACE_MS
  /** How long the last start took, in milliseconds. */
  startMs = 1_000
  /** In the environment of every script, as CHAOS_MARK. */
  mark = randomUUID()
  folder
  #watching = []
  #stopping = new AbortController()
  #kinds
  #workFolder
  #sockets

  /** @param {{ target: import('./targets/index.mjs').Target, seed: number, port: number, leaseMs?: number }} options */
  constructor({ target, seed, port, leaseMs = LEASE_MS }) {
    this.leaseMs = leaseMs
    const { graceMs, mark } = this
    const stop = this.#stopping.signal
    this.random = createRandom(seed)
    this.records = new Records()
    this.#kinds = target.kinds
    this.folder = mkdtempSync(join(tmpdir(), `headway-chaos-${target.name}-`))
    this.#workFolder = join(this.folder, 'work')
    mkdirSync(this.#workFolder)
    const about = { port, key: randomUUID(), mark, workFolder: this.#workFolder, dataFolder: join(this.folder, 'data') }
    const { records, random } = this
    const server = new ServerProcess({
      ...about,
      ...target.serve({ ...about, leaseMs, graceMs }),
      logFile: join(this.folder, 'server.log'),
      onUnasked: (what) => records.violate(what),
    })
    this.server = server
    const sockets = new SocketWatchers({ server, records, random: random.fork(), stop })
    this.#sockets = sockets
    const watch = target.watch ?? watchJob
    const onCreated = (job) => this.#watching.push(watch(job, { server, sockets, random: random.fork(), stop }))
    this.creator = new Creator({ server, records, kinds: target.kinds, random: random.fork(), stop, onCreated })
  }

  /** @param {{ target: import('./targets/index.mjs').Target, seed: number, leaseMs?: number }} options the port is any free one */
  static async create(options) {
    return new World({ ...options, port: await freePort(createRandom(process.pid)) })
  }

  /** Starts the server when it does not run, and waits until it is ready. @throws Error with what it printed */
  async ensureReady() {
    if (!this.server.running) this.server.start()
    const ms = await this.server.ready()
    if (ms === undefined) throw new Error(`The server did not become ready: ${this.server.logTail()}`)
    this.startMs = ms
  }

  /** Lets the server work for a while, with new jobs and requests for the ones that there are. */
  async work(ms) {
    const { random, creator, records } = this
    const { open } = records
    for (let count = random.between(0, 3); count > 0 && open.length + creator.unacknowledged < MAX_OPEN_JOBS; count -= 1) creator.create()
    for (const job of open) {
      if (random.chance(0.02)) creator.request(job, 'cancel')
      else if (job.kind.pausable && random.chance(0.3)) creator.request(job, random.pick(['pause', 'resume', 'resume', 'resume']))
    }
    await wait(ms)
  }

  /** Lets all jobs end, and checks everything. */
  async finish() {
    const { server, records, creator, mark } = this
    await this.ensureReady()
    const ended = await until(LAST_JOBS_MS, async () => {
      for (const job of records.open) if (job.kind.pausable) creator.request(job, 'resume')
      await wait(200)
      return creator.unacknowledged === 0 && records.open.length === 0
    })
    if (ended === undefined) {
      const jobs = records.open.map(({ kind, id, lines }) => `${kind.name} ${id} at ${shorten(lines.at(-1))}`)
      records.violate(`${creator.unacknowledged} creations and these jobs have no end:\n  ${jobs.join('\n  ')}`)
      return
    }
    const all = [...records.jobs.values()]
    await until(LAST_WATCHERS_MS, () => all.every((job) => job.watchers.every(({ done }) => done) && job.taskWatcher?.done !== false))
    await checkAll({ server, records, workFolder: this.#workFolder, kinds: this.#kinds })
    server.signal('SIGTERM')
    const { code, signal } = await server.exited()
    if (code !== 0) records.violate(`The server ended with ${code ?? signal} after SIGTERM: ${server.logTail()}`)
    const left = processesWith('CHAOS_MARK', mark)
    if (left.length > 0) records.violate(`After the end there are still ${JSON.stringify(left)}`)
  }

  /** Ends all that was started here. The folder goes when nothing is wrong. */
  async close() {
    this.#stopping.abort()
    if (this.server.running) await this.server.kill()
    await Promise.all([...this.#watching, this.#sockets.ended()])
    if (this.records.violations.length === 0) rmSync(this.folder, { recursive: true })
  }
}
