import type { Job } from '@headway/protocol'
import { clean, cleanLine } from '../text/clean.js'
import type { Colors } from '../text/colors.js'
import { percentOf } from '../text/percent.js'
import type { JobDisplay } from './display.js'
import type { JobMessage } from './follow-job.js'
import { paint } from './line-colors.js'
import { LiveTerminal } from './live-terminal.js'
import { ProgressBar } from './progress-bar.js'
import { EventReader } from './read-event.js'
import type { Shown } from './read-event.js'
import { resetText } from './reset-text.js'

export interface TerminalDisplayOptions {
  readonly out: NodeJS.WriteStream
  readonly colors: Colors
  /** As it is when the display begins. */
  readonly job: Pick<Job, 'type' | 'status' | 'progress'>
  readonly raw: boolean
  /** Each line begins with its time. */
  readonly time: boolean
}

/** For terminals: lines in colours, and below them a bar that moves. */
export class TerminalDisplay implements JobDisplay {
  readonly #options: TerminalDisplayOptions
  readonly #terminal: LiveTerminal
  readonly #bar: ProgressBar
  readonly #reader = new EventReader()

  constructor(options: TerminalDisplayOptions) {
    this.#options = options
    this.#bar = new ProgressBar(cleanLine(options.job.type), options.colors)
    this.#terminal = new LiveTerminal(options.out, (columns) => this.#bar.draw(columns))
    const { progress, status } = options.job
    this.#bar.set(progress === null ? undefined : percentOf(progress), status)
    this.#terminal.redraw()
  }

  show(message: JobMessage): void {
    if (message.kind === 'reset') return this.note(resetText(message.reset))
    for (const shown of this.#reader.read(message.event)) this.#show(shown, message.event.at)
  }

  note(text: string): void {
    this.#terminal.print(`${this.#options.colors.dim(`headway: ${text}`)}\n`)
  }

  room(signal: AbortSignal): Promise<unknown> | undefined {
    return this.#terminal.room(signal)
  }

  close(): void {
    this.#terminal.close(false)
  }

  #show(shown: Shown, at: string): void {
    const { colors, raw, time } = this.#options
    if (shown.kind === 'progress') {
      this.#bar.set(shown.percent, shown.message === undefined ? undefined : cleanLine(shown.message))
      this.#terminal.redraw()
    } else if (shown.overwritten === true) {
      // What a program draws over has the place that is drawn over here.
      this.#bar.set(undefined, cleanLine(shown.text))
      this.#terminal.redraw()
    } else {
      const text = paint(colors, shown.level, raw ? shown.text : clean(shown.text))
      this.#terminal.print(`${time ? `${colors.dim(timeOf(at))} ` : ''}${text}\n`)
    }
  }
}

function timeOf(at: string): string {
  return new Date(at).toTimeString().slice(0, 8)
}
