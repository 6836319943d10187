import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { resolve as resolvePath } from 'node:path'
import { Socket } from 'node:net'
import { fileURLToPath } from 'node:url'
import { FrameReader, FROM_HOST, jsonFrame, MAX_PAYLOAD_BYTES, TO_HOST } from './frames.js'
import type { Frame, StartFailure, StartMessage } from './frames.js'
import { KILL_WAIT_MS, killLeftovers, signal } from './processes.js'
import { MAX_TIMER_MS, RemoteProcess } from './remote-process.js'
import { ProcessHostLostError, ScriptStartError } from './script.js'
import type { ScriptExit, ScriptProcess, ScriptSpec } from './script.js'

/** How long the host may take to answer a kill: it waits twice for what can't be killed. In milliseconds. */
const KILL_ANSWER_MS = 2 * KILL_WAIT_MS

/** How much of what a host that fails prints is kept for the error, in characters. */
const MAX_COMPLAINT_CHARACTERS = 4_000

interface Start {
  readonly run: string
  readonly resolve: (process: ScriptProcess) => void
  readonly reject: (error: Error) => void
}

/** One host process, from its start to its end. */
export class HostConnection {
  /** Resolves when the host has ended, and what it ran is killed. */
  readonly ended: Promise<void>
  readonly #host: ChildProcess
  readonly #reader = new FrameReader()
  readonly #starts = new Map<number, Start>()
  readonly #processes = new Map<number, RemoteProcess>()
  readonly #kills = new Map<number, { readonly run: string; readonly resolve: () => void }>()
  #lastNumber = 0
  #complaint = ''
  #failure: Error | undefined
  #lost = false

  constructor() {
    // The host needs nothing of the server's environment, least of all its secrets or a mark of a run that started the server.
    this.#host = spawn(process.execPath, [fileURLToPath(new URL('./host-main.js', import.meta.url))], {
      cwd: '/',
      env: {},
      detached: true,
      stdio: ['pipe', 'pipe', 'pipe'],
    })
    this.#host.stdin?.on('error', () => undefined)
    this.#host.stdout?.on('data', (chunk: Buffer) => this.#receive(chunk))
    this.#host.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#complaint = (this.#complaint + text).slice(-MAX_COMPLAINT_CHARACTERS)
    })
    this.ended = new Promise((resolve) => {
      const end = (): void => void this.#lose().finally(resolve)
      this.#host.once('error', (error) => {
        this.#failure = error
        end()
      })
      this.#host.once('close', end)
    })
    this.#keepAlive()
  }

  /** Whether the host is gone; `ended` may still be to come. */
  get isLost(): boolean {
    return this.#lost
  }

  start(run: string, script: ScriptSpec, leaseMs: number): Promise<ScriptProcess> {
    const message: StartMessage = {
      run,
      command: script.command,
      args: script.args,
      cwd: resolvePath(script.cwd),
      env: script.env,
      pty: script.pty ?? false,
      leaseMs: timerMs(leaseMs),
    }
    const number = this.#nextNumber()
    const frame = jsonFrame(TO_HOST.start, number, message)
    if (frame.length > MAX_PAYLOAD_BYTES) {
      return Promise.reject(new ScriptStartError('E2BIG', `The arguments and environment of "${script.command}" are too large.`))
    }
    return new Promise((resolve, reject) => {
      this.#starts.set(number, { run, resolve, reject })
      this.#keepAlive()
      this.#send(frame)
    })
  }

  extend(runs: readonly string[], leaseMs: number): void {
    this.#send(jsonFrame(TO_HOST.extend, 0, { runs, leaseMs: timerMs(leaseMs) }))
  }

  /**
   * Resolves when nothing of the run is left, or the host itself is gone: one that does not answer is killed. The end of a run's last
   * program has cleared the rest already.
   */
  kill(run: string): Promise<void> {
    if (!this.#runs().has(run)) return Promise.resolve()
    const number = this.#nextNumber()
    const answered = new Promise<void>((resolve) => {
      this.#kills.set(number, { run, resolve })
      this.#keepAlive()
      this.#send(jsonFrame(TO_HOST.kill, number, { run }))
    })
    const timer = setTimeout(() => this.#end(`It did not answer for ${KILL_ANSWER_MS} ms.`), KILL_ANSWER_MS)
    return answered.finally(() => clearTimeout(timer))
  }

  /** Kills everything and ends the host. */
  async close(): Promise<void> {
    // A host that does not answer is ended like any other program.
    const timer = setTimeout(() => this.#end(`It did not end within ${KILL_WAIT_MS} ms.`), KILL_WAIT_MS)
    await Promise.all(Array.from(this.#runs(), (run) => this.kill(run)))
    this.#host.ref()
    this.#host.stdin?.end()
    await this.ended
    clearTimeout(timer)
  }

  #receive(chunk: Buffer): void {
    try {
      for (const frame of this.#reader.push(chunk)) this.#handle(frame)
    } catch (error) {
      this.#end((error as Error).message)
    }
  }

  /** Kills the host, for a reason that whoever waits for it is told. What it ran is killed when it is gone. */
  #end(why: string): void {
    this.#failure ??= new Error(why)
    this.#host.kill('SIGKILL')
  }

  #handle({ kind, child, payload }: Frame): void {
    const remote = this.#processes.get(child)
    switch (kind) {
      case FROM_HOST.stdout:
        return remote?.printed({ stream: 'stdout', bytes: payload })
      case FROM_HOST.stderr:
        return remote?.printed({ stream: 'stderr', bytes: payload })
      case FROM_HOST.started:
        this.#started(child, payload.readUInt32LE())
        break
      case FROM_HOST.startFailed: {
        const { code, message } = JSON.parse(payload.toString()) as StartFailure
        this.#starts.get(child)?.reject(new ScriptStartError(code, message))
        this.#starts.delete(child)
        break
      }
      case FROM_HOST.exit:
        remote?.exited(JSON.parse(payload.toString()) as ScriptExit)
        break
      case FROM_HOST.end:
        remote?.endOutput()
        break
      case FROM_HOST.killed:
        this.#kills.get(child)?.resolve()
        this.#kills.delete(child)
        break
    }
    if (remote?.isOver) this.#processes.delete(child)
    this.#keepAlive()
  }

  #started(number: number, pid: number): void {
    const start = this.#starts.get(number)
    if (!start) return
    this.#starts.delete(number)
    const process = new RemoteProcess(start.run, number, pid, (frame) => this.#send(frame))
    this.#processes.set(number, process)
    start.resolve(process)
  }

  /** The host has ended: whatever it ran has no keeper any more. */
  async #lose(): Promise<void> {
    this.#lost = true
    const runs = this.#runs()
    for (const { pid } of this.#processes.values()) if (process.platform !== 'linux') signal(-pid, 'SIGKILL')
    if (runs.size > 0) await killLeftovers((run) => runs.has(run))
    const why = this.#failure?.message ?? this.#complaint.trim()
    const error = new ProcessHostLostError(`The process host ended unexpectedly; what it ran was killed.${why && ` ${why}`}`)
    for (const start of this.#starts.values()) start.reject(error)
    for (const process of this.#processes.values()) process.lost(error)
    for (const { resolve } of this.#kills.values()) resolve()
    this.#starts.clear()
    this.#processes.clear()
    this.#kills.clear()
  }

  #runs(): Set<string> {
    return new Set([...this.#starts.values(), ...this.#processes.values(), ...this.#kills.values()].map(({ run }) => run))
  }

  #send(frame: Buffer): void {
    if (this.#host.stdin?.writable) this.#host.stdin.write(frame)
  }

  #nextNumber(): number {
    this.#lastNumber = (this.#lastNumber + 1) >>> 0
    return this.#lastNumber
  }

  /** An idle host does not keep the server's process from ending; one that works does. */
  #keepAlive(): void {
    const busy = this.#starts.size + this.#processes.size + this.#kills.size > 0
    for (const held of [this.#host, this.#host.stdin, this.#host.stdout, this.#host.stderr]) {
      if (!(held instanceof Socket) && held !== this.#host) continue
      if (busy) held.ref()
      else held.unref()
    }
  }
}

function timerMs(ms: number): number {
  return Math.min(Math.max(0, Math.ceil(ms)), MAX_TIMER_MS)
}
