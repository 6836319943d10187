import type { LogStore } from '../log/log-store.js'
import { RowStore } from './row-store.js'
import type { JobEvent, Json } from './wire.js'

/** So many events are kept in a page as they came; older ones fall out. What was made of them stays. */
export const MAX_EVENTS = 1_000_000

/** So many characters of their data as JSON: 48 Mi. Lines of the log are not among them: they lie in the log. */
export const MAX_EVENT_CHARACTERS = 48 * 1024 * 1024

/** More types of events than this have one name. */
const MAX_TYPES = 1000
const OTHER = 'other'

/** No line of the log has all that the event says. */
const NO_LINE = 0

/** The events of a job, as far as they are kept, in little memory. They have numbers from 0 on; the log is dense, so that each has a seq of its own. */
export class EventStore {
  readonly #rows: RowStore
  readonly #log: LogStore
  readonly #types: string[] = []
  readonly #typeIds = new Map<string, number>()
  readonly #counts: number[] = []
  #firstSeq = 1

  constructor(log: LogStore, limits = { rows: MAX_EVENTS, characters: MAX_EVENT_CHARACTERS }) {
    this.#log = log
    this.#rows = new RowStore(limits)
  }

  /** The number of the first event that is kept. */
  get first(): number {
    return this.#rows.first
  }

  /** The number behind the last event. */
  get end(): number {
    return this.#rows.end
  }

  /** The types that occurred, in the order in which they did, and how often. */
  types(): readonly { readonly type: string; readonly count: number }[] {
    return this.#types.map((type, index) => ({ type, count: this.#counts[index] ?? 0 }))
  }

  /** @param line the line of the log that has all that the event says */
  push(event: JobEvent, at: number, line: number | undefined): void {
    if (this.#rows.end === 0) this.#firstSeq = event.seq
    const kind = this.#typeId(event.type)
    this.#counts[kind] = (this.#counts[kind] ?? 0) + 1
    const ref = line === undefined ? NO_LINE : line + 1
    this.#rows.push({ text: line === undefined ? JSON.stringify(event.data) : '', kind, ref, at })
  }

  seq(event: number): number {
    return this.#firstSeq + event
  }

  /** The number of the event with a seq. */
  indexOf(seq: number): number {
    return seq - this.#firstSeq
  }

  at(event: number): number {
    return this.#rows.at(event)
  }

  type(event: number): string {
    return this.#types[this.#rows.kind(event)] ?? OTHER
  }

  /** The place of its type in {@link EventStore.types}. */
  typeIndex(event: number): number {
    return this.#rows.kind(event)
  }

  /** Its data as JSON text; undefined where its line has fallen out of the log. */
  dataText(event: number): string | undefined {
    const ref = this.#rows.ref(event)
    if (ref === NO_LINE) return this.#rows.text(event)
    const line = ref - 1
    if (line < this.#log.first) return undefined
    return JSON.stringify({ level: this.#log.level(line), message: this.#log.text(line) })
  }

  /** Its data. */
  data(event: number): Json | undefined {
    const text = this.dataText(event)
    return text === undefined ? undefined : (JSON.parse(text) as Json)
  }

  #typeId(type: string): number {
    const known = this.#typeIds.get(type)
    if (known !== undefined) return known
    const name = this.#types.length >= MAX_TYPES ? OTHER : type
    const id = this.#typeIds.get(name) ?? this.#types.push(name) - 1
    this.#typeIds.set(type, id)
    return id
  }
}
