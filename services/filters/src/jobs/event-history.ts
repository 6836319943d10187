import type { CompileEvent } from '../compiler/index.js'
import type { DIFF_EVENT, DiffView } from './compile-result.js'

/** What the jobs of a computation tell: what the compiler says, and how the result differs from the list before it. */
export type ComputationEvent = CompileEvent | { readonly type: typeof DIFF_EVENT; readonly data: DiffView }

/** The most events that one computation keeps for the jobs that share it. */
export const MAX_HISTORY_EVENTS = 50_000

/** The most that they may take as JSON, in characters. */
export const MAX_HISTORY_CHARACTERS = 32 * 1024 * 1024

/** The largest data of one event as JSON, in characters: far below what a log takes. */
export const MAX_EVENT_CHARACTERS = 16 * 1024

/** Longer texts are cut in an event that is too large, in characters. */
const CUT_TEXT = 500

/**
 * What happened in a computation so far. Each job that shares it reads it from the start at its own pace, also one that comes late. When it is
 * full, further events are dropped, and that is said once.
 */
export class EventHistory {
  readonly #events: ComputationEvent[] = []
  #characters = 0
  #full = false
  #closed = false
  readonly #waiting = new Set<() => void>()

  get closed(): boolean {
    return this.#closed
  }

  push(event: ComputationEvent): void {
    if (this.#full || this.#closed) return
    const fitting = fittingEvent(event)
    this.#characters += fitting.characters
    this.#full = this.#events.length + 1 >= MAX_HISTORY_EVENTS || this.#characters > MAX_HISTORY_CHARACTERS
    this.#events.push(this.#full ? TOO_MANY : fitting.event)
    this.#tell()
  }

  /** No more events come. */
  close(): void {
    this.#closed = true
    this.#tell()
  }

  /** At most `limit` events from the `index`-th on. */
  slice(index: number, limit: number): readonly ComputationEvent[] {
    return this.#events.slice(index, index + limit)
  }

  /** Resolves when there may be more than `index` events, when the history is closed, and when the signal is aborted. */
  async news(index: number, signal: AbortSignal): Promise<void> {
    if (this.#closed || this.#events.length > index || signal.aborted) return
    await new Promise<void>((resolve) => {
      const tell = (): void => {
        this.#waiting.delete(tell)
        signal.removeEventListener('abort', tell)
        resolve()
      }
      this.#waiting.add(tell)
      signal.addEventListener('abort', tell, { once: true })
    })
  }

  #tell(): void {
    for (const tell of this.#waiting) tell()
  }
}

const TOO_MANY: ComputationEvent = {
  type: 'log',
  data: { level: 'warn', message: 'There are too many events; further ones are left out.' },
}

/** The event itself, or, where its texts are too long for a log, the same with each cut. */
function fittingEvent(event: ComputationEvent): { readonly event: ComputationEvent; readonly characters: number } {
  const { length } = JSON.stringify(event.data)
  if (length <= MAX_EVENT_CHARACTERS) return { event, characters: length }
  const data: unknown = JSON.parse(JSON.stringify(event.data), (_key, value: unknown) =>
    typeof value === 'string' && value.length > CUT_TEXT ? `${value.slice(0, CUT_TEXT)}...` : value,
  )
  const cut = JSON.stringify(data).length
  if (cut <= MAX_EVENT_CHARACTERS) return { event: { type: event.type, data } as ComputationEvent, characters: cut }
  return {
    event: { type: 'log', data: { level: 'warn', message: `An event of the type ${event.type} is too large and is left out.` } },
    characters: 0,
  }
}
