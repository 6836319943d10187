/** A program to start. There is no shell: every argument reaches it as it is. */
export interface ScriptSpec {
  readonly command: string
  readonly args: readonly string[]
  readonly cwd: string
  /** The whole environment; nothing is inherited. `HEADWAY_RUN` is added. */
  readonly env: Readonly<Record<string, string>>
  /**
   * Gives the program a pseudo-terminal of 120 columns and 40 rows, on which nobody types: programs that keep their output back in a pipe
   * show it at once. All that it prints comes as stdout. `TERM`, `COLUMNS` and `LINES` are added where `env` does not have them. False by default.
   */
  readonly pty?: boolean
}

export interface ScriptOutput {
  readonly stream: 'stdout' | 'stderr'
  readonly bytes: Uint8Array
}

export interface ScriptExit {
  /** Null when a signal ended it. */
  readonly exitCode: number | null
  readonly signal: string | null
}

/** A running program and all that it started. */
export interface ScriptProcess {
  readonly pid: number
  /**
   * What it prints, in the order it was read. It ends when the program has ended and its output was read. The program is
   * held back (a full pipe) while this is not read: at most 256 KiB wait.
   */
  readonly output: AsyncIterable<ScriptOutput>
  /** Resolves when the program has ended and nothing of its process group is left. */
  readonly exit: Promise<ScriptExit>
  /** SIGTERM to the group, and SIGKILL after `graceMs` to whatever is left. Resolves like `exit`. */
  stop(graceMs: number): Promise<ScriptExit>
  /** SIGSTOP and SIGCONT to the group. */
  suspend(): void
  resume(): void
}

/** The program could not be started: not found, not executable, no such folder. */
export class ScriptStartError extends Error {
  override readonly name = 'ScriptStartError'
  /** Of the operating system: ENOENT, EACCES, ... */
  readonly code: string

  constructor(code: string, message: string) {
    super(message)
    this.code = code
  }
}

/** The process host itself was lost; what it ran was killed. */
export class ProcessHostLostError extends Error {
  override readonly name = 'ProcessHostLostError'
}

/** Owns script processes for an engine. Its own process: when the engine dies, it kills what is left and ends. */
export interface ProcessHost {
  /**
   * Starts a program for one run of a job. Unless `extend` moves it, it is killed after `leaseMs`: the lease is over then.
   *
   * @param run `job:epoch`, for `HEADWAY_RUN`
   * @throws ScriptStartError
   */
  start(run: string, script: ScriptSpec, leaseMs: number): Promise<ScriptProcess>
  /** Moves the deadline of everything that a run started: `leaseMs` from now. */
  extend(runs: readonly string[], leaseMs: number): void
  /** Kills everything of a run, at once. */
  kill(run: string): Promise<void>
  /** Kills everything and ends the host. */
  close(): Promise<void>
}
