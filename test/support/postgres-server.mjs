// Real PostgreSQL servers for tests, benchmarks and the chaos runs: each with its own data, on this machine's own address, ended with whoever started it.
import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { chownSync, closeSync, cpSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import pg from 'pg'
import { findPostgresBinaries, linkLibraries } from './postgres-binaries.mjs'
import { environment, freePort, serverUser, startKeeper } from './postgres-host.mjs'

/** How long a server may take to come up, or to end. In milliseconds. */
const PATIENCE_MS = 60_000

/** How often to look whether it is up. In milliseconds. */
const LOOK_MS = 20

/** How much of the log an error shows. In characters. */
const LOG_IN_ERROR = 4_000

/**
 * What differs from PostgreSQL's own defaults: nothing that makes a commit less durable or a statement mean something else.
 *
 * @type {Readonly<Record<string, string | number>>}
 */
const SETTINGS = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: 200,
  shared_buffers: '64MB',
}

/**
 * @typedef {object} PostgresServerOptions
 * @property {Readonly<Record<string, string | number>>} [settings] of postgresql.conf, over those for tests
 * @property {PostgresServer} [copyOf] begins with a copy of this server's data; it must be stopped
 * @property {readonly string[]} [files] empty files to make in the folder of data before the start, such as `standby.signal`
 */

/**
 * @param {PostgresServerOptions} [options]
 * @returns {Promise<PostgresServer>} one that takes connections
 * @throws {Error} with what the server said, when it does not come up
 */
export async function startPostgres(options = {}) {
  const server = new PostgresServer()
  try {
    await server.create(options)
  } catch (error) {
    await server.close()
    throw error
  }
  return server
}

/** Made by {@link startPostgres}. */
export class PostgresServer {
  /** Holds the data, in `data`, and the log. */
  #folder = mkdtempSync(join(tmpdir(), 'headway-postgres-'))
  #password = randomBytes(12).toString('hex')
  #port = 0
  #user = serverUser()
  #bin = ''
  #keeper = startKeeper(this.#folder)
  /** @type {import('node:child_process').ChildProcess | undefined} */
  #process

  /** For connections as the superuser to the database `postgres`. The same after restarts. */
  get url() {
    return `postgres://postgres:${this.#password}@127.0.0.1:${this.#port}/postgres`
  }

  get port() {
    return this.#port
  }

  get password() {
    return this.#password
  }

  /** The folder of its data. */
  get data() {
    return join(this.#folder, 'data')
  }

  /** The process of the server itself; undefined while it is stopped. */
  get pid() {
    return this.#process?.pid
  }

  /** All that it said since it was made. */
  get log() {
    return readFileSync(join(this.#folder, 'log'), 'utf8')
  }

  /** @param {PostgresServerOptions} options */
  async create({ settings = {}, copyOf, files = [] }) {
    writeFileSync(join(this.#folder, 'log'), '')
    this.#own(this.#folder)
    this.#bin = await this.#findPrograms()
    if (copyOf === undefined) {
      await this.#initialise()
    } else {
      this.#password = copyOf.#password
      cpSync(copyOf.data, this.data, { recursive: true, preserveTimestamps: true })
      if (this.#user !== undefined) await this.#run('chown', ['-R', `${this.#user.uid}:${this.#user.gid}`, this.data], {})
    }
    for (const file of files) {
      writeFileSync(join(this.data, file), '')
      this.#own(join(this.data, file))
    }
    this.set({ ...SETTINGS, ...settings })
    for (let attempt = 1; ; attempt++) {
      this.#port = await freePort()
      try {
        return await this.start()
      } catch (error) {
        // Somebody else took the port in between.
        if (attempt === 3 || !/could not bind/.test(this.log)) throw error
        this.#cutLog()
      }
    }
  }

  /**
   * Writes settings that hold from the next start on.
   *
   * @param {Readonly<Record<string, string | number>>} settings
   */
  set(settings) {
    const lines = Object.entries(settings).map(([name, value]) => `${name} = '${String(value).replaceAll("'", "''")}'\n`)
    writeFileSync(join(this.data, 'postgresql.conf'), lines.join(''), { flag: 'a' })
  }

  /**
   * Starts it on the data it has, and resolves when it takes connections.
   *
   * @throws {Error} with what the server said, when it does not come up
   */
  async start() {
    for (const deadline = Date.now() + PATIENCE_MS; ; await delay(LOOK_MS)) {
      const { length } = this.log
      try {
        return await this.#startOnce()
      } catch (error) {
        // Of a server that was killed, the other processes take a moment to notice.
        if (!this.log.slice(length).includes('shared memory block') || Date.now() > deadline) throw error
      }
    }
  }

  async #startOnce() {
    const log = openSync(join(this.#folder, 'log'), 'a')
    // PostgreSQL refuses to run as root.
    const started = spawn(join(this.#bin, 'postgres'), ['-D', this.data, '-p', String(this.#port)], {
      ...this.#user,
      cwd: '/',
      env: environment(),
      detached: true,
      stdio: ['ignore', log, log],
    })
    closeSync(log)
    this.#process = started
    const ended = new Promise((resolve) => {
      started.once('error', resolve)
      started.once('exit', (code, signal) => resolve(new Error(`It ended with ${code ?? signal}.`)))
    }).finally(() => {
      if (this.#process === started) this.#process = undefined
    })
    started.unref()
    const failure = await Promise.race([ended, this.#failureToComeUp(started)])
    if (failure === undefined) return
    started.kill('SIGQUIT')
    throw this.#failed('PostgreSQL did not come up', failure)
  }

  /**
   * Ends the server and keeps its data. `fast` ends connections and writes all to disk; `immediate` and `kill` leave everything as a crash does.
   *
   * @param {'fast' | 'immediate' | 'kill'} [how]
   */
  async stop(how = 'fast') {
    const running = this.#process
    if (running === undefined) return
    const exit = once(running, 'exit', { signal: AbortSignal.timeout(PATIENCE_MS) })
    running.kill({ fast: 'SIGINT', immediate: 'SIGQUIT', kill: 'SIGKILL' }[how])
    running.ref()
    await exit.catch((error) => {
      throw this.#failed('PostgreSQL did not stop', error)
    })
  }

  /** @param {'fast' | 'immediate' | 'kill'} [how] as {@link PostgresServer.stop} */
  async restart(how) {
    await this.stop(how)
    await this.start()
  }

  /** Ends the server and removes its data. */
  async close() {
    if (this.#keeper.exitCode !== null || this.#keeper.signalCode !== null) return
    const exit = once(this.#keeper, 'exit')
    this.#keeper.ref()
    this.#keeper.stdin.end()
    await exit
  }

  /** Resolves with nothing when the process takes connections. */
  async #failureToComeUp(started) {
    for (const deadline = Date.now() + PATIENCE_MS; Date.now() < deadline; await delay(LOOK_MS)) {
      if (this.#process !== started || this.#isUp(started.pid)) return undefined
    }
    return new Error(`It was not ready in ${PATIENCE_MS} ms.`)
  }

  /** Its file of this name says so: after pid, folder, time, port, socket, address and memory comes how far it is. */
  #isUp(pid) {
    try {
      const lines = readFileSync(join(this.data, 'postmaster.pid'), 'utf8').split('\n')
      return lines[0] === String(pid) && ['ready', 'standby'].includes(lines[7]?.trim() ?? '')
    } catch (error) {
      if (error.code === 'ENOENT') return false
      throw error
    }
  }

  async #findPrograms() {
    const found = findPostgresBinaries()
    if (found === undefined) {
      throw new Error(
        'There is no PostgreSQL for this machine: set DATABASE_URL, or install it, for example with: apt-get install postgresql',
      )
    }
    if (found.movable === undefined) return found.bin
    try {
      linkLibraries(found.movable)
      await this.#run(join(found.bin, 'postgres'), ['--version'])
      return found.bin
    } catch (error) {
      // A project in a folder that another user cannot read, or that nobody can change.
      if (!['EACCES', 'EPERM', 'EROFS'].includes(error.code)) throw error
      const copy = join(this.#folder, 'native')
      cpSync(found.movable, copy, { recursive: true, verbatimSymlinks: true })
      linkLibraries(copy)
      return join(copy, 'bin')
    }
  }

  async #initialise() {
    const passwordFile = join(this.#folder, 'password')
    writeFileSync(passwordFile, this.#password, { mode: 0o600 })
    this.#own(passwordFile)
    const version = Number(/\d+/.exec(await this.#run(join(this.#bin, 'postgres'), ['--version']))?.[0])
    // Texts are compared as a user's database does, not by their bytes, so that what relies on an order of bytes is found.
    const locale = version >= 15 ? ['--locale=C', '--locale-provider=icu', '--icu-locale=en'] : ['--locale=C']
    const options = ['-D', this.data, '--username=postgres', '--auth=password', `--pwfile=${passwordFile}`, '--encoding=UTF8', '--no-sync']
    await this.#run(join(this.#bin, 'initdb'), [...options, ...locale])
    rmSync(passwordFile)
  }

  #own(path) {
    if (this.#user !== undefined) chownSync(path, this.#user.uid, this.#user.gid)
  }

  async #run(command, args, user = this.#user ?? {}) {
    const child = spawn(command, args, { ...user, cwd: '/', env: environment(), stdio: ['ignore', 'pipe', 'pipe'] })
    let said = ''
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => (said += text))
    const [code, signal] = await once(child, 'close', { signal: AbortSignal.timeout(PATIENCE_MS) })
    if (code !== 0) throw new Error(`${command} ended with ${code ?? signal}:\n${said.slice(-LOG_IN_ERROR)}`)
    return said
  }

  #failed(what, cause) {
    return new Error(`${what}: ${cause.message}\n${this.log.slice(-LOG_IN_ERROR)}`, { cause })
  }

  #cutLog() {
    writeFileSync(join(this.#folder, 'log'), '')
  }
}

/**
 * A new database on the server of a URL, with nothing in it.
 *
 * @param {string} url of a user who may create databases
 * @returns {Promise<{ url: string, drop: () => Promise<void> }>} `drop` ends its connections, too
 */
export async function createDatabase(url) {
  const name = `headway_${randomBytes(8).toString('hex')}`
  await execute(url, `CREATE DATABASE ${name} TEMPLATE template0`)
  const own = new URL(url)
  own.pathname = `/${name}`
  return { url: own.href, drop: () => execute(url, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`) }
}

/**
 * The database of `DATABASE_URL` where that is set, else one of a new server.
 *
 * @param {PostgresServerOptions} [options] of the new server
 * @returns {Promise<{ url: string, server: PostgresServer | undefined, close: () => Promise<void> }>}
 * @throws {Error} with what the server said, when it does not come up
 */
export async function usePostgres(options) {
  const url = process.env['DATABASE_URL']
  if (url !== undefined && url !== '') return { url, server: undefined, close: async () => {} }
  const server = await startPostgres(options)
  return { url: server.url, server, close: () => server.close() }
}

async function execute(url, statement) {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    await client.query(statement)
  } finally {
    await client.end()
  }
}
