import { randomUUID } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { taskFile } from '../chaos/jobs/task-kinds.mjs'
import { ask } from '../chaos/http.mjs'
import { describeProcess, freePort, processesWith, until } from '../chaos/processes.mjs'
import { createRandom } from '../chaos/random.mjs'
import { Records } from '../chaos/records.mjs'
import { ISBNDB_KEY } from '../../services/books/test/support/stand-in/isbndb.mjs'
import { startStandIns } from '../../services/books/test/support/stand-in/server.mjs'
import { startPostgres } from '../support/postgres-server.mjs'
import { ClusterDatabase } from './database.mjs'
import { BOOKS } from './kinds.mjs'
import { startLists } from './lists.mjs'
import { ClusterNode } from './node.mjs'

const API_NODES = 3
const WORKERS = 3

/** Short ones, so that a lost lease is soon lost. In milliseconds. */
const LEASE_MS = 3_000
const GRACE_MS = 1_000

/** Between a lost lease and what others do about it, and between a job's cancel and the end of its scripts: with room for a busy machine. In milliseconds. */
const SLACK_MS = 6_000

/** What the database says beside its errors: for whoever looks for the cause of something. */
const LOGGED = { log_min_duration_statement: 1000, log_lock_waits: 'on', log_line_prefix: '%m %a ' }

/** So long the database lets a node that stopped amid a transaction hold its rows: the store's time-out. In milliseconds. */
const HELD_MS = 10_000

const programFile = (name) => fileURLToPath(new URL(`../chaos/programs/${name}.mjs`, import.meta.url))

/** One database, nodes for the API and nodes for the work, and servers of what jobs load. */
export class Cluster {
  leaseMs = LEASE_MS
  /** How long a node may take to stop when it is asked to, in milliseconds. */
  stopMs = 30_000
  /** In the environment of every script, as CHAOS_MARK. */
  mark = randomUUID()
  key = randomUUID()
  records = new Records()
  /** @type {ClusterNode[]} */
  nodes = []
  /** When the database was away. @type {{ from: number, until: number }[]} */
  away = []

  /** @param {number} seed */
  static async start(seed) {
    const cluster = new Cluster(seed)
    try {
      await cluster.#start()
      return cluster
    } catch (error) {
      await cluster.close()
      throw error
    }
  }

  constructor(seed) {
    this.random = createRandom(seed)
    this.folder = mkdtempSync(join(tmpdir(), 'headway-cluster-'))
    this.workFolder = join(this.folder, 'work')
    mkdirSync(this.workFolder)
  }

  /** How long it may take, from the acknowledgement of a cancel, until nothing of the job is left: the worker may be lost just then, and the database away. In milliseconds. */
  get cancelMs() {
    return this.leaseMs + GRACE_MS + SLACK_MS
  }

  /** The same for the last event of its log, which a node may keep from being written that stopped amid a sweep. In milliseconds. */
  get cancelEndMs() {
    return this.cancelMs + HELD_MS
  }

  get apiNodes() {
    return this.nodes.filter(({ role }) => role === 'api')
  }

  /** Notes that the database is away. @returns {() => void} to be called when it is back */
  databaseAway() {
    const span = { from: Date.now(), until: Infinity }
    this.away.push(span)
    return () => (span.until = Date.now())
  }

  /** For how many milliseconds of a span of time the database was away. */
  awayWithin(from, until) {
    return this.away.reduce((sum, span) => sum + Math.max(0, Math.min(until, span.until) - Math.max(from, span.from)), 0)
  }

  async #start() {
    this.postgres = await startPostgres({ settings: LOGGED })
    this.database = new ClusterDatabase(this.postgres.url)
    this.lists = await startLists()
    this.providers = await startStandIns({ books: BOOKS })
    const random = this.random.fork()
    this.providers.isbndb.before = () => new Promise((resolve) => setTimeout(resolve, random.between(0, 1500)))
    const env = this.#settings()
    const ports = createRandom(process.pid)
    const names = [
      ...Array.from({ length: API_NODES }, (_, n) => ['api', `api-${n + 1}`]),
      ...Array.from({ length: WORKERS }, (_, n) => ['worker', `worker-${n + 1}`]),
    ]
    for (const [role, name] of names) {
      const node = await ClusterNode.create({
        name,
        role,
        port: await freePort(ports),
        key: this.key,
        folder: join(this.folder, name),
        storeUrl: this.postgres.url,
        env,
        hasClock: name === 'worker-1',
        onUnasked: (what) => this.records.violate(what),
      })
      this.nodes.push(node)
      // All at once: one of them makes the schema.
      node.start()
    }
    await this.ready()
    await this.database.startAudit()
  }

  /** Waits until all nodes are ready. @throws {Error} with what a node printed that is not */
  async ready() {
    for (const node of this.nodes) {
      if ((await node.process.ready()) === undefined) throw new Error(`${node.name} did not become ready: ${node.process.logTail()}`)
    }
  }

  #settings() {
    const tasks = join(this.folder, 'tasks.yaml')
    writeFileSync(tasks, JSON.stringify(taskFile({ mark: this.mark, workFolder: this.workFolder, program: programFile })))
    return {
      HEADWAY_TASKS: tasks,
      HEADWAY_STORE_CONNECTIONS: '4',
      HEADWAY_LEASE: `${this.leaseMs}ms`,
      HEADWAY_SHUTDOWN_GRACE: `${GRACE_MS}ms`,
      HEADWAY_CONCURRENCY: '10',
      HEADWAY_RATE_LIMIT: '0',
      HEADWAY_FILTERS_RATE_LIMIT: '0',
      HEADWAY_FILTERS_MAX_OPEN: '0',
      HEADWAY_FILTERS_ALLOW_ADDRESSES: 'loopback',
      HEADWAY_BOOKS_MAX_OPEN: '0',
      HEADWAY_BOOKS_CREATE_RATE_LIMIT: '1000000',
      HEADWAY_BOOKS_PROVIDERS: 'isbndb',
      HEADWAY_ISBNDB_KEY: ISBNDB_KEY,
      HEADWAY_ISBNDB_PLAN: 'pro',
      HEADWAY_ISBNDB_URL: this.providers.isbndb.url,
      HEADWAY_KEEP_FINISHED: '1000000',
      HEADWAY_FILTERS_KEEP_FINISHED: '1000000',
      HEADWAY_BOOKS_KEEP_FINISHED: '1000000',
      HEADWAY_LOG_LEVEL: 'warn',
    }
  }

  /** Its own process, its process host and what else it started, as far as that has its environment. */
  #processesOf({ env }) {
    return processesWith('HEADWAY_DATA', env.HEADWAY_DATA).map(({ pid }) => describeProcess(pid))
  }

  /** Stops all nodes in good order, and looks that nothing is left of them. */
  async stop() {
    await Promise.all(
      this.nodes.map(async ({ name, process }) => {
        process.signal('SIGTERM')
        const { code, signal } = await process.exited()
        if (code !== 0) this.records.violate(`${name} ended with ${code ?? signal} after SIGTERM: ${process.logTail()}`)
        const left = await until(GRACE_MS, () => this.#processesOf(process).length === 0)
        if (left === undefined) this.records.violate(`${name} left processes behind: ${JSON.stringify(this.#processesOf(process))}`)
      }),
    )
  }

  /** Writes down what is known, for whoever looks for the cause of a violation. To be called before anything is ended. */
  async note() {
    if (this.records.violations.length === 0) return
    const jobs = [...this.records.jobs.values()].map(
      ({ id, kind, lines }) => `${kind.name} ${id}\n${lines.map((line) => `  ${line}\n`).join('')}`,
    )
    writeFileSync(join(this.folder, 'jobs.log'), jobs.join(''))
    for (const { name, url, process } of this.nodes) {
      const metrics = await ask(`${url}/metrics`, { headers: process.headers }).catch(String)
      writeFileSync(join(this.folder, name, 'metrics'), metrics.text ?? metrics)
    }
  }

  /** Ends all that was started here. The folder goes when nothing is wrong. */
  async close() {
    if (this.records.violations.length > 0 && this.postgres !== undefined)
      writeFileSync(join(this.folder, 'postgres.log'), this.postgres.log)
    await Promise.all(this.nodes.map((node) => node.close()))
    await this.postgres?.close()
    this.lists?.close()
    await this.providers?.close()
    if (this.records.violations.length === 0) rmSync(this.folder, { recursive: true })
  }
}
