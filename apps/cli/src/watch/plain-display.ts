import { clean } from '../text/clean.js'
import type { Colors } from '../text/colors.js'
import type { JobDisplay } from './display.js'
import type { JobMessage } from './follow-job.js'
import { paint } from './line-colors.js'
import { LineSink } from './line-sink.js'
import { EventReader } from './read-event.js'
import type { LineLevel, Shown } from './read-event.js'
import { resetText } from './reset-text.js'

export interface PlainDisplayOptions {
  readonly out: NodeJS.WritableStream
  readonly err: NodeJS.WritableStream
  /** Of `err`: `out` gets what the job wrote and nothing else. */
  readonly colors: Colors
  /** Control characters of the job are shown, too. */
  readonly raw: boolean
}

const OUTPUT: ReadonlySet<LineLevel> = new Set(['stdout', 'debug'])
/** Progress is said at each of these parts, in percent. */
const PROGRESS_STEP = 10

/**
 * For pipes and files: what the job wrote to its stdout goes to `out`, byte for byte but for control characters; all else to `err`.
 */
export class PlainDisplay implements JobDisplay {
  readonly #options: PlainDisplayOptions
  readonly #out: LineSink
  readonly #err: LineSink
  /** The level whose line is not at its end yet, by stream. */
  readonly #open = new Map<LineSink, LineLevel>()
  readonly #reader = new EventReader()
  #percent = 0

  constructor(options: PlainDisplayOptions) {
    this.#options = options
    this.#out = new LineSink(options.out)
    this.#err = new LineSink(options.err)
  }

  show(message: JobMessage): void {
    if (message.kind === 'reset') return this.note(resetText(message.reset))
    for (const shown of this.#reader.read(message.event)) this.#show(shown)
  }

  note(text: string): void {
    this.#line('info', `headway: ${text}`, false)
  }

  room(signal: AbortSignal): Promise<unknown> | undefined {
    return this.#out.room(signal) ?? this.#err.room(signal)
  }

  close(): void {
    for (const [sink] of this.#open) sink.write('\n')
    this.#out.flush()
    this.#err.flush()
  }

  #show(shown: Shown): void {
    if (shown.kind === 'progress') return this.#progress(shown.percent)
    // The states of a line that a program draws over are for terminals; its last one always comes.
    if (shown.overwritten === true) return
    this.#line(shown.level, this.#options.raw ? shown.text : clean(shown.text), shown.continued === true)
  }

  #progress(percent: number | undefined): void {
    // That all is done is said by the end itself.
    if (percent === undefined || percent >= 99) return
    const part = Math.floor(percent / PROGRESS_STEP)
    if (part > Math.floor(this.#percent / PROGRESS_STEP)) this.note(`${part * PROGRESS_STEP}%`)
    this.#percent = percent
  }

  #line(level: LineLevel, text: string, continued: boolean): void {
    const isOutput = OUTPUT.has(level)
    const sink = isOutput ? this.#out : this.#err
    const open = this.#open.get(sink)
    const before = open !== undefined && open !== level ? '\n' : ''
    if (continued) this.#open.set(sink, level)
    else this.#open.delete(sink)
    sink.write(`${before}${isOutput ? text : paint(this.#options.colors, level, text)}${continued ? '' : '\n'}`)
  }
}
