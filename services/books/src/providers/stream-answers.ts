import { setMaxListeners } from 'node:events'
import type { BookQuery } from '../book.js'
import type { Answer } from './enricher.js'

interface Streaming {
  readonly signal: AbortSignal
  /** Queries that are under way or answered and not yet taken. */
  readonly inFlight: number
  readonly ask: (index: number, query: BookQuery, owner: object, signal: AbortSignal) => Promise<Answer>
  /** Tells how many queries may come (1), or come no more (-1). */
  readonly announce: (queries: readonly BookQuery[], sign: 1 | -1) => void
}

/** New queries are begun when there is room for this part of those in flight: many at a time make full batches. */
const REFILL = 0.25

/** Answers each query once, as soon as it is known. Few are under way at a time, so that a slow reader holds little. */
export async function* streamAnswers(queries: readonly BookQuery[], options: Streaming): AsyncGenerator<Answer, void, undefined> {
  const { inFlight, ask, announce } = options
  const leaving = new AbortController()
  const signal = AbortSignal.any([options.signal, leaving.signal])
  // Each query in flight listens to it.
  setMaxListeners(0, signal)
  signal.throwIfAborted()
  const owner = {}
  const arrivals = new Arrivals()
  let [begun, taken] = [0, 0]
  const refill = () => {
    const room = inFlight - (begun - taken)
    if (begun > taken && room < inFlight * REFILL) return
    for (const query of queries.slice(begun, begun + room)) {
      arrivals.wait(ask(begun, query, owner, signal))
      begun += 1
    }
  }
  announce(queries, 1)
  try {
    while (taken < queries.length) {
      refill()
      const answer = await arrivals.next()
      taken += 1
      yield answer
    }
  } finally {
    announce(queries.slice(begun), -1)
    leaving.abort(new Error('Nobody reads these answers any more.'))
  }
}

/** Answers in the order in which they come. */
class Arrivals {
  readonly #here: Answer[] = []
  #failure: { readonly error: unknown } | undefined
  #wake: (() => void) | undefined

  wait(coming: Promise<Answer>): void {
    coming
      .then((answer) => void this.#here.push(answer))
      .catch((error: unknown) => (this.#failure ??= { error }))
      .finally(() => this.#wake?.())
  }

  async next(): Promise<Answer> {
    for (;;) {
      if (this.#failure !== undefined) throw this.#failure.error
      const answer = this.#here.shift()
      if (answer !== undefined) return answer
      await new Promise<void>((resolve) => (this.#wake = resolve))
    }
  }
}
