import { clean, cleanLine } from '../text/clean.js'
import { colorsFor } from '../text/colors.js'
import type { Colors } from '../text/colors.js'
import type { TaskMessage } from './follow-task.js'
import { paint } from './line-colors.js'
import { LiveTerminal } from './live-terminal.js'
import { ProgressBar } from './progress-bar.js'
import type { LineLevel } from './read-event.js'

const LEVELS: ReadonlySet<string> = new Set<LineLevel>(['stdout', 'stderr', 'info', 'success', 'error'])
/** Where lines can't be drawn over, progress is said at each of these parts, in percent. */
const PROGRESS_STEP = 25

/** Shows a task's messages: lines, and below them a moving bar. Where the output is no terminal, plain lines only. */
export class TaskScreen {
  readonly #out: NodeJS.WriteStream
  readonly #colors: Colors
  readonly #bar: ProgressBar
  readonly #terminal: LiveTerminal | undefined

  constructor(out: NodeJS.WriteStream, name: string) {
    this.#out = out
    this.#colors = colorsFor(out, undefined)
    this.#bar = new ProgressBar(name, this.#colors)
    if (out.isTTY) this.#terminal = new LiveTerminal(out, (columns) => this.#bar.draw(columns))
  }

  show(message: TaskMessage): void {
    switch (message.type) {
      case 'log': {
        const { level, timestamp } = message.log
        const text = `${timeOf(timestamp)} ${clean(message.log.message)}`
        return this.#line(isLevel(level) ? paint(this.#colors, level, text) : text)
      }
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
    this.#line(this.#colors.bold(text))
  }

  /** The bar stays as it is. */
  close(): void {
    this.#terminal?.close(true)
  }

  #progress(percent: number | undefined, message: string): void {
    const before = this.#bar.percent
    this.#bar.set(percent, cleanLine(message))
    if (this.#terminal !== undefined) this.#terminal.redraw()
    else if (Math.floor(this.#bar.percent / PROGRESS_STEP) > Math.floor(before / PROGRESS_STEP))
      this.#line(`progress ${this.#bar.percent}%`)
  }

  #line(text: string): void {
    if (this.#terminal === undefined) this.#out.write(`${text}\n`)
    else this.#terminal.print(`${text}\n`)
  }
}

function isLevel(level: string): level is LineLevel {
  return LEVELS.has(level)
}

function timeOf(timestamp: string): string {
  return `[${new Date(timestamp).toTimeString().slice(0, 8)}]`
}
