import cliProgress from 'cli-progress'
import colors from 'picocolors'
import type { TaskMessage } from './follow-task.js'

const MARKS: Readonly<Record<string, (text: string) => string>> = {
  stderr: colors.yellow,
  error: colors.red,
  success: colors.green,
  info: colors.cyan,
}

/** Shows a task's messages: lines, and below them a moving bar. Where the output is no terminal, plain lines only. */
export class TaskScreen {
  readonly #out: NodeJS.WriteStream
  readonly #bars: cliProgress.MultiBar | undefined
  readonly #bar: cliProgress.SingleBar | undefined
  #percent = 0

  constructor(out: NodeJS.WriteStream, name: string) {
    this.#out = out
    if (!out.isTTY) return
    const format = `${name} {bar} {percentage}% {message}`
    this.#bars = new cliProgress.MultiBar(
      { format, stream: out, hideCursor: true, linewrap: false, barsize: 30 },
      cliProgress.Presets.shades_classic,
    )
    this.#bar = this.#bars.create(100, 0, { message: '' })
  }

  show(message: TaskMessage): void {
    switch (message.type) {
      case 'log':
        return this.#line(this.#colour(message.log.level)(`${timeOf(message.log.timestamp)} ${message.log.message}`))
      case 'connected':
      case 'update':
        return this.#progress(message.task.progress, message.task.message ?? message.task.status)
      case 'reset':
        return this.note(`The history is gone (${message.reason}); showing what is there.`)
      case 'end':
        return undefined
    }
  }

  /** A line of this program's own. */
  note(text: string): void {
    this.#line(colors.bold(text))
  }

  /** The bar stays as it is. */
  close(): void {
    // Lines wait for the next time that the bars are drawn.
    this.#bars?.update()
    this.#bars?.stop()
  }

  #colour(level: string): (text: string) => string {
    return MARKS[level] ?? String
  }

  #progress(percent: number | undefined, message: string): void {
    const before = this.#percent
    if (percent !== undefined) this.#percent = percent
    if (this.#bar !== undefined) this.#bar.update(this.#percent, { message })
    // Where lines can't be drawn over, every quarter is enough.
    else if (Math.floor(this.#percent / 25) > Math.floor(before / 25)) this.#line(`progress ${this.#percent}%`)
  }

  #line(text: string): void {
    if (this.#bars === undefined) this.#out.write(`${text}\n`)
    else this.#bars.log(`${text}\n`)
  }
}

function timeOf(timestamp: string): string {
  return `[${new Date(timestamp).toTimeString().slice(0, 8)}]`
}
