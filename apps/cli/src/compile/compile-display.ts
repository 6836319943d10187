import type { CompileEvent } from '@headway/filters/compiler'
import { clean, cleanLine } from '../text/clean.js'
import type { Colors } from '../text/colors.js'
import { LineSink } from '../watch/line-sink.js'
import { LiveTerminal } from '../watch/live-terminal.js'
import { ProgressBar } from '../watch/progress-bar.js'
import { eventText } from './event-text.js'
import type { CompileLevel, CompileLine } from './event-text.js'

const NAME_LENGTH = 24

const PAINTS = { info: 'reset', warn: 'yellow', error: 'red', debug: 'dim' } as const satisfies Record<CompileLevel, keyof Colors>

export interface CompileDisplayOptions {
  /** What is said about the compilation goes here. */
  readonly err: NodeJS.WriteStream
  readonly colors: Colors
  /** Of the list. */
  readonly name: string
  /** Levels that are shown. */
  readonly levels: ReadonlySet<CompileLevel>
  readonly bar: boolean
}

/** Shows a compilation while it runs: lines, and in a terminal a bar below them. */
export class CompileDisplay {
  readonly #options: CompileDisplayOptions
  readonly #lines: Pick<LineSink, 'write' | 'flush'>
  readonly #bar: ProgressBar
  readonly #terminal: LiveTerminal | undefined

  constructor(options: CompileDisplayOptions) {
    this.#options = options
    this.#lines = new LineSink(options.err)
    this.#bar = new ProgressBar(cleanLine(options.name).slice(0, NAME_LENGTH), options.colors)
    if (options.bar) this.#terminal = new LiveTerminal(options.err, (columns) => this.#bar.draw(columns))
  }

  readonly on = (event: CompileEvent): void => {
    if (event.type === 'progress') {
      const { current, total, message } = event.data
      this.#bar.set(total === 0 ? undefined : (100 * current) / total, cleanLine(message))
      this.#terminal?.redraw()
      return
    }
    const line = eventText(event)
    if (line !== undefined) this.say(line)
  }

  /** Shows a line of this level, if it is one of those that are shown. */
  say({ level, text }: CompileLine): void {
    const { levels, colors } = this.#options
    if (!levels.has(level)) return
    const painted = `${colors[PAINTS[level]](clean(text))}\n`
    if (this.#terminal === undefined) this.#lines.write(painted)
    else this.#terminal.print(painted)
  }

  /** Shows what is waiting, and takes the bar away. */
  close(): void {
    this.#terminal?.close(false)
    this.#lines.flush()
  }
}
