import { LineSink } from './line-sink.js'

/** Erases the line of the cursor, and goes to its beginning. */
const ERASE_LINE = '\r\x1b[2K'
/** While the bar is drawn nothing wraps: whatever the terminal takes for the width of a character, the bar stays on one line. */
const NO_WRAP = '\x1b[?7l'
const WRAP = '\x1b[?7h'
/** The bar is drawn at most so often when it alone has changed. */
const REDRAW_MS = 60

/**
 * A terminal with lines that scroll, and one line below them that is drawn over. It leaves no mode behind: a terminal whose program
 * was killed is as good as before.
 */
export class LiveTerminal {
  readonly #out: NodeJS.WriteStream
  readonly #sink: LineSink
  readonly #draw: (columns: number) => string
  #bar = ''
  #lines = ''
  #linesDue: NodeJS.Immediate | undefined
  #redrawDue: NodeJS.Timeout | undefined

  /** @param draw gives the bar, for so many columns */
  constructor(out: NodeJS.WriteStream, draw: (columns: number) => string) {
    this.#out = out
    this.#sink = new LineSink(out)
    this.#draw = draw
    out.on('resize', this.#resized)
  }

  /** Shows lines above the bar. @param text ends with a line feed */
  print(text: string): void {
    this.#lines += text
    this.#linesDue ??= setImmediate(() => this.#show())
  }

  /** The bar has changed. */
  redraw(): void {
    this.#redrawDue ??= setTimeout(() => this.#show(), REDRAW_MS)
  }

  room(signal: AbortSignal): Promise<unknown> | undefined {
    return this.#sink.room(signal)
  }

  /** Shows what is waiting. @param keepBar the bar stays as the last line */
  close(keepBar: boolean): void {
    this.#out.off('resize', this.#resized)
    this.#show()
    this.#sink.write(keepBar && this.#bar !== '' ? '\n' : this.#bar === '' ? '' : ERASE_LINE)
    this.#sink.flush()
  }

  readonly #resized = (): void => this.redraw()

  #show(): void {
    clearImmediate(this.#linesDue)
    clearTimeout(this.#redrawDue)
    this.#linesDue = this.#redrawDue = undefined
    const bar = this.#draw(this.#out.columns > 0 ? this.#out.columns : 80)
    if (this.#lines === '' && bar === this.#bar) return
    const erase = this.#bar === '' ? '' : ERASE_LINE
    this.#sink.write(`${erase}${this.#lines}${bar === '' ? '' : `${NO_WRAP}${bar}${WRAP}`}`)
    this.#sink.flush()
    this.#lines = ''
    this.#bar = bar
  }
}
