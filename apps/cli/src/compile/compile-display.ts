import type { CompileEvent } from '@headway/filters/compiler'
import { clean, cleanLine } from '../text/clean.js'
import type { Colors } from '../text/colors.js'
import { count } from '../text/count.js'
import { LineSink } from '../watch/line-sink.js'
import { LiveTerminal } from '../watch/live-terminal.js'
import { ProgressBar } from '../watch/progress-bar.js'
import { eventText, nameOf } from './event-text.js'
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
  /** How many there are. */
  readonly steps: { readonly sources: number; readonly transformations: number }
}

/** Shows a compilation while it runs: lines, and in a terminal a bar below them. */
export class CompileDisplay {
  readonly #options: CompileDisplayOptions
  readonly #lines: Pick<LineSink, 'write' | 'flush'>
  readonly #bar: ProgressBar
  readonly #terminal: LiveTerminal | undefined
  #failed: string | undefined
  #sourcesDone = 0
  #transformationsDone = 0

  constructor(options: CompileDisplayOptions) {
    this.#options = options
    this.#lines = new LineSink(options.err)
    this.#bar = new ProgressBar(cleanLine(options.name).slice(0, NAME_LENGTH), options.colors)
    if (options.bar) this.#terminal = new LiveTerminal(options.err, (columns) => this.#bar.draw(columns))
  }

  readonly on = (event: CompileEvent): void => {
    this.#moveBar(event)
    // What becomes of such a source is said when it is known: it is left out, or the command fails.
    if (event.type === 'source:error') return void (this.#failed ??= nameOf(event.data))
    const line = eventText(event)
    if (line !== undefined) this.say(line)
  }

  /** The name of the first source that could not be loaded. */
  get failedSource(): string | undefined {
    return this.#failed
  }

  /** Shows a line of this level, if it is one of those that are shown. */
  say({ level, text }: CompileLine): void {
    const { levels, colors } = this.#options
    if (!levels.has(level)) return
    const painted = `${colors[PAINTS[level]](clean(text))}\n`
    if (this.#terminal === undefined) this.#lines.write(painted)
    else this.#terminal.print(painted)
  }

  /** Sources and, when they are all there, transformations of the whole are the steps. */
  #moveBar(event: CompileEvent): void {
    const { sources, transformations } = this.#options.steps
    let message: string
    if (event.type === 'progress') {
      // Each phase counts anew.
      if (event.data.phase === 'sources') this.#sourcesDone = event.data.current
      message = event.data.message
    } else if (event.type === 'transformation:start' || event.type === 'transformation:complete') {
      if (event.type === 'transformation:complete' && this.#sourcesDone >= sources) this.#transformationsDone += 1
      message = `${event.data.name}: ${count(event.data.inputCount)} lines`
    } else {
      return
    }
    const done = this.#sourcesDone + Math.min(this.#transformationsDone, transformations)
    this.#bar.set((100 * done) / (sources + transformations), cleanLine(message))
    this.#terminal?.redraw()
  }

  /** Shows what is waiting, and takes the bar away. */
  close(): void {
    this.#terminal?.close(false)
    this.#lines.flush()
  }
}
