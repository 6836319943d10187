import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

const MAIN = fileURLToPath(new URL('../main.js', import.meta.url))
const START_TIMEOUT_MS = 30_000
const POLL_MS = 50

/** A `headway serve` of our own, in a process that can be killed. */
export class ServerProcess {
  readonly url: string
  readonly #env: NodeJS.ProcessEnv
  #child: ChildProcess | undefined

  /** @param env settings, as environment variables; HEADWAY_DATA must be among them */
  constructor(port: number, env: NodeJS.ProcessEnv) {
    this.url = `http://127.0.0.1:${port}`
    this.#env = {
      PATH: process.env['PATH'],
      HOME: process.env['HOME'],
      PORT: String(port),
      HEADWAY_HOST: '127.0.0.1',
      HEADWAY_LOG_LEVEL: 'error',
      ...env,
    }
  }

  get pid(): number | undefined {
    return this.#child?.pid
  }

  /** Starts it and waits until it is ready. */
  async start(): Promise<void> {
    const child = spawn(process.execPath, [MAIN, 'serve'], { env: this.#env, stdio: ['ignore', 'ignore', 'inherit'] })
    this.#child = child
    const giveUpAt = Date.now() + START_TIMEOUT_MS
    while (!(await this.#isReady())) {
      if (child.exitCode !== null) throw new Error(`The server ended with code ${child.exitCode}.`)
      if (Date.now() > giveUpAt) throw new Error(`The server was not ready within ${START_TIMEOUT_MS} ms.`)
      await wait(POLL_MS)
    }
  }

  async stop(signal: NodeJS.Signals): Promise<void> {
    const child = this.#child
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return
    child.kill(signal)
    await once(child, 'exit')
  }

  async #isReady(): Promise<boolean> {
    try {
      return (await fetch(`${this.url}/health/ready`)).ok
    } catch {
      return false
    }
  }
}
