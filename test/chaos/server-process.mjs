import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, openSync, readFileSync } from 'node:fs'
import { ask, Unreachable } from './http.mjs'
import { until } from './processes.mjs'

/** How long a server may take until it is ready, in milliseconds: far more than it needs, on a machine that does other things too. */
export const READY_MS = 30_000

/** The server under test: one process after another at the same address, on the same data folder. */
export class ServerProcess {
  #child
  #exit
  #ask = () => undefined

  /**
   * @param {object} options
   * @param {string} options.command the program's file
   * @param {readonly string[]} options.args
   * @param {Record<string, string>} options.env
   * @param {number} options.port
   * @param {string} options.key the API key that clients send
   * @param {string} options.logFile what all its processes print goes here
   * @param {(what: string) => void} options.onUnasked told when it ends and nobody asked for it
   */
  constructor(options) {
    this.command = options.command
    this.args = options.args
    this.env = options.env
    this.port = options.port
    this.logFile = options.logFile
    this.onUnasked = options.onUnasked
    this.url = `http://127.0.0.1:${options.port}`
    this.headers = { 'X-API-Key': options.key }
  }

  get pid() {
    return this.#child?.pid
  }

  get running() {
    return this.#child !== undefined
  }

  start() {
    if (this.running) throw new Error('The server runs already.')
    let asked = false
    this.#ask = () => (asked = true)
    const log = openSync(this.logFile, 'a')
    const child = spawn(process.execPath, [this.command, ...this.args], { env: this.env, stdio: ['ignore', log, log] })
    closeSync(log)
    this.#child = child
    this.#exit = once(child, 'exit').then(([code, signal]) => {
      this.#child = undefined
      process.off('exit', cleanUp)
      if (!asked) this.onUnasked(`The server ended by itself with ${code ?? signal}: ${this.logTail()}`)
      return { code, signal }
    })
    const cleanUp = () => child.kill('SIGKILL')
    process.once('exit', cleanUp)
  }

  /** Waits until it is ready. Gives after how many milliseconds, or undefined when it ended or took too long. */
  async ready() {
    const started = performance.now()
    const answer = await until(READY_MS, async () => {
      if (!this.running) return 'ended'
      try {
        return (await ask(`${this.url}/health/ready`)).status === 200 && 'ready'
      } catch (error) {
        if (error instanceof Unreachable) return false
        throw error
      }
    })
    return answer === 'ready' ? Math.round(performance.now() - started) : undefined
  }

  signal(name) {
    if (name === 'SIGKILL' || name === 'SIGTERM') this.#ask()
    this.#child?.kill(name)
  }

  /** Resolves with how it ended. */
  async exited() {
    return this.#exit
  }

  /** `kill -9`, and waits until the process is gone. */
  async kill() {
    this.signal('SIGKILL')
    return this.#exit
  }

  /** The end of what it printed, for reports. */
  logTail(characters = 2_000) {
    return readFileSync(this.logFile, 'utf8').slice(-characters)
  }
}
