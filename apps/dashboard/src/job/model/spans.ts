import type { Stamped } from './series.js'

/** What a span of time is of. */
export type Lane = 'status' | 'attempt' | 'step' | 'photo' | 'phase' | 'source' | 'transformation'

/** How a span ended. */
export type SpanEnd = 'done' | 'failed' | 'stopped'

/** Something that takes time: an attempt, a step of a task, a source of a compilation. Times are milliseconds since 1970. */
export interface Span extends Stamped {
  readonly lane: Lane
  readonly name: string
  /** What is to be said of it, beside its name. */
  readonly note?: string
  /** What it came to. */
  endNote?: string
  /** The seq of its end, and when that was; undefined while it goes on. */
  endSeq?: number
  endAt?: number
  end?: SpanEnd
}

/** So many spans are kept. */
const MAX_SPANS = 5000

/** The spans of a job, in the order in which they began. */
export class Spans {
  readonly #spans: Span[] = []
  readonly #open = new Map<string, Span>()
  #omitted = 0

  get omitted(): number {
    return this.#omitted
  }

  /** @param key names it among those that are open; one that is open by that key ends */
  begin(key: string, lane: Lane, name: string, { seq, at }: Stamped, note?: string): void {
    this.finish(key, { seq, at }, 'done')
    if (this.#spans.length >= MAX_SPANS) {
      this.#omitted += 1
      return
    }
    const span: Span = { lane, name, seq, at, ...(note !== undefined && { note }) }
    this.#spans.push(span)
    this.#open.set(key, span)
  }

  isOpen(key: string): boolean {
    return this.#open.has(key)
  }

  finish(key: string, { seq, at }: Stamped, end: SpanEnd, note?: string): void {
    const span = this.#open.get(key)
    if (span === undefined) return
    this.#open.delete(key)
    Object.assign(span, { endSeq: seq, endAt: Math.max(at, span.at), end, ...(note !== undefined && { endNote: note }) })
  }

  /** Ends all that is open, but those of some lanes. */
  finishAll(stamp: Stamped, end: SpanEnd, but: readonly Lane[] = []): void {
    for (const [key, { lane }] of this.#open) if (!but.includes(lane)) this.finish(key, stamp, end)
  }

  /** The spans as they were at `seq`: what had not ended has no end, and what had not begun is not there. */
  until(seq: number): readonly Span[] {
    const spans: Span[] = []
    for (const span of this.#spans) {
      if (span.seq > seq) break
      spans.push((span.endSeq ?? 0) > seq ? unended(span) : span)
    }
    return spans
  }
}

function unended({ endSeq: _seq, endAt: _at, end: _end, endNote: _note, ...span }: Span): Span {
  return span
}
