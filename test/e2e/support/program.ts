import { spawn } from 'node:child_process'
import type { ChildProcessByStdio } from 'node:child_process'
import type { Readable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { onTestFinished } from 'vitest'

/** The root of the project, without a slash at the end. */
export const ROOT = fileURLToPath(new URL('../../..', import.meta.url)).replace(/\/$/, '')

/** Takes what is to be done when a test is over, or a file of tests. */
export type AtEnd = (end: () => Promise<void>) => void

export interface ProgramOptions {
  readonly cwd?: string
  readonly env?: Readonly<Record<string, string>>
  /** When it ends, if it still runs: with the test by default. */
  readonly atEnd?: AtEnd
}

/** A program in a process group of its own, which ends with the test, or later if that is said. */
export class Program {
  readonly process: ChildProcessByStdio<null, Readable, Readable>
  stdout = ''
  stderr = ''
  /** Its exit code; null where a signal ended it. */
  readonly exit: Promise<number | null>

  constructor(command: string, args: readonly string[], { cwd = ROOT, env = {}, atEnd = onTestFinished }: ProgramOptions = {}) {
    this.process = spawn(command, args, {
      cwd,
      env: { PATH: process.env['PATH'], HOME: process.env['HOME'], ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    })
    this.process.stdout.setEncoding('utf8').on('data', (text: string) => (this.stdout += text))
    this.process.stderr.setEncoding('utf8').on('data', (text: string) => (this.stderr += text))
    this.exit = new Promise((resolve, reject) => {
      this.process.on('close', resolve)
      this.process.on('error', reject)
    })
    atEnd(async () => {
      this.signal('SIGKILL')
      await this.exit
    })
  }

  /** To the whole group, as a terminal does. */
  signal(name: NodeJS.Signals): void {
    if (this.process.pid === undefined || this.process.exitCode !== null) return
    try {
      process.kill(-this.process.pid, name)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
    }
  }

  /** Resolves with what `pattern` finds in what it prints. @throws Error when it ends before */
  async says(pattern: RegExp): Promise<RegExpExecArray> {
    let ended = false
    for (;;) {
      const found = pattern.exec(this.stdout + this.stderr)
      if (found !== null) return found
      if (ended) throw new Error(`It ended without saying ${pattern}:\n${this.stdout}${this.stderr}`)
      ended = await new Promise<boolean>((resolve) => {
        this.process.stdout.once('data', () => resolve(false))
        this.process.stderr.once('data', () => resolve(false))
        void this.exit.then(() => resolve(true))
      })
    }
  }

  /** The lines of its standard output. */
  get lines(): string[] {
    return this.stdout.split('\n').filter((line) => line !== '')
  }
}
