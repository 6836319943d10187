import { spawn } from '@lydell/node-pty'
import { onTestFinished } from 'vitest'
import { MAIN } from './command.js'

/** The real command in a pseudo-terminal. */
export class Terminal {
  /** All that was written to it, with its control sequences. */
  output = ''
  readonly exit: Promise<number>
  readonly #pty: ReturnType<typeof spawn>
  readonly #waiting = new Set<() => void>()
  #ended = false

  constructor(folder: string, args: readonly string[], env: Readonly<Record<string, string>> = {}, columns = 100) {
    const all = { PATH: process.env['PATH'] ?? '', TERM: 'xterm-256color', ...env }
    this.#pty = spawn(process.execPath, [MAIN, ...args], { cwd: folder, cols: columns, rows: 30, env: all })
    this.#pty.onData((text) => {
      this.output += text
      this.#wake()
    })
    this.exit = new Promise((resolve) => {
      this.#pty.onExit(({ exitCode }) => {
        this.#ended = true
        this.#wake()
        resolve(exitCode)
      })
    })
    onTestFinished(async () => {
      if (!this.#ended) this.#pty.kill('SIGKILL')
      await this.exit
    })
  }

  /** Without control sequences: what was ever to be read. */
  get text(): string {
    return this.output.replaceAll(/\p{Cc}\[[?\d;]*[A-Za-z]/gu, '').replaceAll('\r', '')
  }

  /** Resolves when `pattern` is to be seen. @throws Error when the command ends before */
  async shows(pattern: RegExp): Promise<RegExpExecArray> {
    for (;;) {
      const found = pattern.exec(this.text)
      if (found !== null) return found
      if (this.#ended) throw new Error(`The command ended without showing ${pattern}:\n${this.text}`)
      await new Promise<void>((resolve) => this.#waiting.add(resolve))
    }
  }

  ctrlC(): void {
    this.#pty.write('\x03')
  }

  resize(columns: number): void {
    this.#pty.resize(columns, 30)
  }

  #wake(): void {
    for (const wake of this.#waiting) wake()
    this.#waiting.clear()
  }
}
