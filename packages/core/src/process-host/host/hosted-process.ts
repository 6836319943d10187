import type { ChildProcess } from 'node:child_process'
import type { Readable } from 'node:stream'
import { setTimeout as wait } from 'node:timers/promises'
import { groupIsAlive, KILL_WAIT_MS, markedProcesses, signal, signalMarked } from '../processes.js'
import type { MarkedProcess } from '../processes.js'
import type { ScriptExit } from '../script.js'

const POLL_MS = 20

/** A program and its process group, as the host sees them. */
export class HostedProcess {
  readonly run: string
  readonly pid: number
  /** What it prints: stdout and stderr, or one stream where they are the same. */
  readonly output: readonly Readable[]
  /** Resolves when the program has ended and nothing of it is left. */
  readonly exit: Promise<ScriptExit>
  /** All that the host runs now: what escaped a group may be of any of them with the same run. */
  readonly #running: ReadonlySet<HostedProcess>
  #exited = false
  /** When what is left of a stopped program is killed, in milliseconds of the process's clock. Undefined: it was not stopped. */
  #killAt: number | undefined
  #killTimer: NodeJS.Timeout | undefined

  constructor(run: string, child: ChildProcess, pid: number, output: readonly Readable[], running: ReadonlySet<HostedProcess>) {
    this.run = run
    this.pid = pid
    this.output = output
    this.#running = running
    this.exit = new Promise((resolve) => {
      child.once('exit', (exitCode, signalName) => {
        this.#exited = true
        void this.#clear().then(() => resolve({ exitCode, signal: signalName }))
      })
    })
  }

  /** SIGTERM to all, SIGKILL to what is left after the grace. A second call can only shorten the grace. */
  stop(graceMs: number): void {
    const first = this.#killAt === undefined
    // What a program leaves behind after its own end is owed no grace.
    if (first && this.#exited) return
    this.#killAt = Math.min(this.#killAt ?? Infinity, performance.now() + graceMs)
    if (first) this.#terminate()
    clearTimeout(this.#killTimer)
    if (!this.#exited) this.#killTimer = setTimeout(() => this.kill(), this.#killAt - performance.now())
  }

  suspend(): void {
    if (this.#killAt === undefined && !this.#exited) signal(-this.pid, 'SIGSTOP')
  }

  resume(): void {
    if (!this.#exited) signal(-this.pid, 'SIGCONT')
  }

  /** SIGKILL to all, at once. */
  kill(): void {
    this.killGroup()
    signalMarked(this.#escaped(), 'SIGKILL')
  }

  /** Like `kill`, but only the group: one system call. */
  killGroup(): void {
    this.#killAt = 0
    if (!this.#exited) signal(-this.pid, 'SIGKILL')
  }

  #terminate(): void {
    const escaped = this.#escaped()
    signal(-this.pid, 'SIGTERM')
    signalMarked(escaped, 'SIGTERM')
    // A suspended program gets the signal only when it goes on.
    signal(-this.pid, 'SIGCONT')
    signalMarked(escaped, 'SIGCONT')
  }

  /** After the program's own end: waits for the grace of a stopped one, then kills until nothing is left. */
  async #clear(): Promise<void> {
    clearTimeout(this.#killTimer)
    let giveUpAt: number | undefined
    for (;;) {
      const escaped = this.#escaped()
      const groupLives = groupIsAlive(this.pid)
      if (escaped.length === 0 && !groupLives) return
      const now = performance.now()
      if (this.#killAt === undefined || now >= this.#killAt) {
        giveUpAt ??= now + KILL_WAIT_MS
        // What can't be killed (another user's, or one that waits for a dead disk) must not hold the job for ever.
        if (now > giveUpAt) return
        if (groupLives) signal(-this.pid, 'SIGKILL')
        signalMarked(escaped, 'SIGKILL')
      }
      await wait(POLL_MS)
    }
  }

  /** Processes of this run that left the group. While the run has other programs, only those of this one's session are surely its own. */
  #escaped(): MarkedProcess[] {
    const marked = markedProcesses().filter(({ run }) => run === this.run)
    if (marked.length === 0) return marked
    const alone = ![...this.#running].some((other) => other !== this && other.run === this.run)
    return marked.filter(({ session }) => session === this.pid || alone)
  }
}
