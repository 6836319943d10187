import { spawn } from 'node:child_process'
import type { ChildProcessByStdio } from 'node:child_process'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { Readable, Writable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { onTestFinished } from 'vitest'

export const MAIN = fileURLToPath(new URL('../../bin/headway.mjs', import.meta.url))
/** Its modules as the compiler wrote them. */
export const DIST = fileURLToPath(new URL('../../dist', import.meta.url))

/** A task file with one type that ends at once, and one that does not. */
const TASKS = `
types:
  hello:
    params: { type: object, properties: {} }
    steps: [{ name: say, run: [echo, hello] }]
  long:
    params: { type: object, properties: {} }
    grace: 1s
    steps: [{ name: sleep, run: [sleep, '600'] }]
`

/** Takes what is to be done when a test is over, or a file of tests. */
export type AtEnd = (end: () => Promise<void>) => void

/** A folder of its own, with a task file. It goes with the test. */
export async function workFolder(files: Readonly<Record<string, string>> = {}, atEnd: AtEnd = onTestFinished): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'headway-cli-'))
  atEnd(() => rm(folder, { recursive: true, force: true }))
  for (const [name, text] of Object.entries({ 'tasks.yaml': TASKS, ...files })) {
    await mkdir(join(folder, dirname(name)), { recursive: true })
    await writeFile(join(folder, name), text)
  }
  return folder
}

export interface CommandOptions {
  /** For the standard input; empty by default. */
  readonly input?: string
  /** Instead of the command: a program with its arguments. */
  readonly program?: readonly [string, ...string[]]
  /** When it is killed, if it still runs: at the end of the test by default. */
  readonly atEnd?: AtEnd
}

/** The real command in a process of its own. */
export class Command {
  readonly process: ChildProcessByStdio<Writable, Readable, Readable>
  stdout = ''
  stderr = ''
  readonly exit: Promise<number | null>

  constructor(folder: string, args: readonly string[], env: Readonly<Record<string, string>> = {}, options: CommandOptions = {}) {
    const [program, ...first] = options.program ?? [process.execPath, MAIN]
    this.process = spawn(program, [...first, ...args], {
      cwd: folder,
      env: { PATH: process.env['PATH'], ...env },
      stdio: ['pipe', 'pipe', 'pipe'],
    })
    this.process.stdin.on('error', () => undefined).end(options.input ?? '')
    this.process.stdout.setEncoding('utf8').on('data', (text: string) => (this.stdout += text))
    this.process.stderr.setEncoding('utf8').on('data', (text: string) => (this.stderr += text))
    this.exit = new Promise((resolve) => {
      this.process.on('close', resolve)
    })
    const { atEnd = onTestFinished } = options
    atEnd(async () => {
      this.process.kill('SIGKILL')
      await this.exit
    })
  }

  /** Resolves with what `pattern` finds in the output. @throws Error when the process ends before */
  says(pattern: RegExp): Promise<RegExpExecArray> {
    return this.#find('stdout', pattern)
  }

  /** The same, for the other stream. */
  complains(pattern: RegExp): Promise<RegExpExecArray> {
    return this.#find('stderr', pattern)
  }

  async #find(stream: 'stdout' | 'stderr', pattern: RegExp): Promise<RegExpExecArray> {
    for (;;) {
      const found = pattern.exec(this[stream])
      if (found !== null) return found
      if (this.process.exitCode !== null || this.process.signalCode !== null)
        throw new Error(`The command ended without saying ${pattern}:\n${this.stdout}${this.stderr}`)
      await new Promise<void>((resolve) => {
        this.process[stream].once('data', () => resolve())
        void this.exit.then(() => resolve())
      })
    }
  }
}

/** Runs a command to its end. */
export async function run(
  folder: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
  options: CommandOptions = {},
): Promise<Command & { code: number | null }> {
  const command = new Command(folder, args, env, options)
  return Object.assign(command, { code: await command.exit })
}
