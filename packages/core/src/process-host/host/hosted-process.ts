import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { closeSync, statSync } from 'node:fs'
import { Socket } from 'node:net'
import type { Readable } from 'node:stream'
import { setTimeout as wait } from 'node:timers/promises'
import type { StartFailure, StartMessage } from '../frames.js'
import { groupIsAlive, KILL_WAIT_MS, markedProcesses, RUN_VARIABLE, signal, signalMarked } from '../processes.js'
import type { MarkedProcess } from '../processes.js'
import type { ScriptExit } from '../script.js'
import { closePipe } from './pipes.js'
import type { Pipe } from './pipes.js'

const POLL_MS = 20

/** A program and its process group, as the host sees them. */
export class HostedProcess {
  readonly run: string
  readonly pid: number
  readonly stdout: Readable
  readonly stderr: Readable
  /** Resolves when the program has ended and nothing of it is left. */
  readonly exit: Promise<ScriptExit>
  /** All that the host runs now: what escaped a group may be of any of them with the same run. */
  readonly #running: ReadonlySet<HostedProcess>
  #exited = false
  /** When what is left of a stopped program is killed, in milliseconds of the process's clock. Undefined: it was not stopped. */
  #killAt: number | undefined
  #killTimer: NodeJS.Timeout | undefined

  constructor(run: string, child: ChildProcess, pid: number, stdout: Readable, stderr: Readable, running: ReadonlySet<HostedProcess>) {
    this.run = run
    this.pid = pid
    this.stdout = stdout
    this.stderr = stderr
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

/**
 * Starts a program in a session and process group of its own, with exactly the environment given and the mark of its run.
 *
 * @param pipes for stdout and stderr; a missing one is replaced by a socket
 * @param running gets the process in the same instant as it starts
 * @throws StartRefused when the system refuses it
 */
export async function startProcess(
  message: StartMessage,
  pipes: readonly [Pipe | undefined, Pipe | undefined],
  running: Set<HostedProcess>,
): Promise<HostedProcess> {
  const [out, err] = pipes
  let child: ChildProcess
  try {
    child = spawn(message.command, message.args, {
      cwd: message.cwd,
      env: { ...message.env, [RUN_VARIABLE]: message.run },
      detached: true,
      stdio: ['ignore', out?.writeEnd ?? 'pipe', err?.writeEnd ?? 'pipe'],
    })
    if (child.pid === undefined) await new Promise((_, reject) => child.once('error', reject))
  } catch (error) {
    for (const pipe of pipes) if (pipe) closePipe(pipe)
    throw new StartRefused(describe(error, message))
  }
  for (const pipe of pipes) if (pipe) closeSync(pipe.writeEnd)
  const reader = (end: number | undefined, other: Readable | null): Readable =>
    end === undefined && other ? other : new Socket({ fd: end as number, readable: true, writable: false })
  const started = new HostedProcess(
    message.run,
    child,
    child.pid as number,
    reader(out?.readEnd, child.stdout),
    reader(err?.readEnd, child.stderr),
    running,
  )
  running.add(started)
  return started
}

/** The system refused to start a program; `failure` says why. */
export class StartRefused extends Error {
  readonly failure: StartFailure

  constructor(failure: StartFailure) {
    super(failure.message)
    this.failure = failure
  }
}

function describe(error: unknown, { command, cwd }: StartMessage): StartFailure {
  const thrown = error as NodeJS.ErrnoException
  const code = thrown.code?.startsWith('ERR_') ? 'EINVAL' : (thrown.code ?? 'EINVAL')
  const folder = folderTrouble(cwd)
  if (folder) return { code: folder.code, message: `The working directory "${cwd}" ${folder.what}.` }
  switch (code) {
    case 'ENOENT':
      return { code, message: `The program "${command}" was not found, or the interpreter that its first line names was not.` }
    case 'EACCES':
      return { code, message: `The program "${command}" may not be executed.` }
    case 'E2BIG':
      return { code, message: `The arguments and environment of "${command}" are too large for this system.` }
    default:
      return { code, message: `The program "${command}" could not be started: ${thrown.message}` }
  }
}

function folderTrouble(path: string): { code: string; what: string } | undefined {
  try {
    return statSync(path).isDirectory() ? undefined : { code: 'ENOTDIR', what: 'is not a directory' }
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'EINVAL'
    return { code, what: code === 'ENOENT' ? 'does not exist' : `can't be used (${code})` }
  }
}
