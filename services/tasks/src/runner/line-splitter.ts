import { MAX_LINE_UNITS } from './limits.js'
import type { Masker } from './masker.js'

/**
 * How a piece of text ended: `end` is the end of a line; `continued` is a long line that goes on in the next piece; `overwritten` is a
 * state of a line that the program drew over afterwards (after a carriage return), as progress bars do.
 */
export type LineEnd = 'end' | 'continued' | 'overwritten'

/**
 * Cuts one stream of a program's output into lines. LF and CRLF end a line; text after a lone CR replaces what the line was. Bytes
 * that are not UTF-8 become replacement characters. Secrets are masked before a piece is given out, also those that a cut would have
 * divided. With `clean`, states of a line of which it leaves nothing are not given out.
 */
export class LineSplitter {
  readonly #decoder = new TextDecoder('utf-8', { ignoreBOM: true })
  readonly #masker: Masker
  readonly #onLine: (text: string, end: LineEnd) => void
  readonly #clean: ((text: string) => string) | undefined
  #rest = ''
  /** A CR came last: the next text goes over the line, an LF ends it. */
  #returned = false

  /** @param clean takes out of each piece what is not to be shown; nothing by default */
  constructor(masker: Masker, onLine: (text: string, end: LineEnd) => void, clean?: (text: string) => string) {
    this.#masker = masker
    this.#onLine = onLine
    this.#clean = clean
  }

  push(bytes: Uint8Array): void {
    this.#cut(this.#decoder.decode(bytes, { stream: true }))
  }

  /** The stream is at its end: gives out the rest. */
  end(): void {
    this.#cut(this.#decoder.decode())
    if (this.#rest !== '' && this.#shown(this.#rest) !== '') this.#emit('end')
  }

  #cut(text: string): void {
    let start = 0
    let nextReturn = text.indexOf('\r')
    let nextFeed = text.indexOf('\n')
    while (nextReturn !== -1 || nextFeed !== -1) {
      const isFeed = nextReturn === -1 || (nextFeed !== -1 && nextFeed < nextReturn)
      const at = isFeed ? nextFeed : nextReturn
      if (at > start) this.#take(text.slice(start, at))
      if (isFeed) {
        this.#emit('end')
        nextFeed = text.indexOf('\n', at + 1)
      } else {
        this.#returned = true
        nextReturn = text.indexOf('\r', at + 1)
      }
      start = at + 1
    }
    if (start < text.length) this.#take(text.slice(start))
  }

  /** Adds to the line that is not at its end yet, and gives out pieces of it while it is too long. */
  #take(text: string): void {
    if (this.#returned && this.#rest !== '') this.#emit('overwritten')
    this.#returned = false
    this.#rest = this.#rest === '' ? text : this.#rest + text
    while (this.#rest.length >= MAX_LINE_UNITS + this.#masker.longest) {
      const at = this.#masker.safeCut(this.#rest, MAX_LINE_UNITS)
      this.#onLine(this.#shown(this.#rest.slice(0, at)), 'continued')
      this.#rest = this.#rest.slice(at)
    }
  }

  #emit(end: LineEnd): void {
    const text = this.#rest
    this.#rest = ''
    this.#returned = false
    const shown = this.#shown(text)
    if (shown !== '' || end === 'end') this.#onLine(shown, end)
  }

  #shown(text: string): string {
    return this.#masker.mask(this.#clean === undefined ? text : this.#clean(text))
  }
}
