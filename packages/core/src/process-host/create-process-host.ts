import { HostConnection } from './host-connection.js'
import { ProcessHostLostError } from './script.js'
import type { ProcessHost, ScriptProcess, ScriptSpec } from './script.js'

/**
 * Makes the keeper of script processes: a process of its own, in a session of its own, which is started with the first program and
 * started anew when it was lost. It kills all that it runs when this process ends in any way, and each run when its lease is over.
 */
export function createProcessHost(): ProcessHost {
  return new LazyProcessHost()
}

class LazyProcessHost implements ProcessHost {
  #connection: HostConnection | undefined
  #closed = false

  async start(run: string, script: ScriptSpec, leaseMs: number): Promise<ScriptProcess> {
    // A lost host's programs must be gone before others take their place.
    if (this.#connection?.isLost) await this.#connection.ended
    if (this.#closed) throw new ProcessHostLostError('The process host was closed.')
    return this.#connect().start(run, script, leaseMs)
  }

  extend(runs: readonly string[], leaseMs: number): void {
    if (runs.length > 0) this.#connection?.extend(runs, leaseMs)
  }

  async kill(run: string): Promise<void> {
    await this.#connection?.kill(run)
  }

  async close(): Promise<void> {
    this.#closed = true
    await this.#connection?.close()
  }

  #connect(): HostConnection {
    if (this.#connection) return this.#connection
    const connection = new HostConnection()
    this.#connection = connection
    void connection.ended.then(() => {
      if (this.#connection === connection) this.#connection = undefined
    })
    return connection
  }
}
