import type { Framing } from './encode.js'

/** Where an outlet writes to. */
export interface Sink<Chunk> {
  readonly framing: Framing<Chunk>
  /** False: it has enough; `Outlet.drained` is to be called when it takes more. */
  readonly write: (chunk: Chunk) => boolean
}

/**
 * The sending side of one connection, shared by the jobs that it watches. They write in turns: whoever finds it full waits in line, and
 * every drain lets the line go in its order, so that none starves another.
 */
export class Outlet<Chunk> {
  readonly framing: Framing<Chunk>
  readonly #sink: Sink<Chunk>
  /** Something was written since this was last set back. */
  wrote = false
  #full = false
  #closed = false
  /** Who sends a large message: until its end no other may be written (for sockets, RFC 6455, 5.4). */
  #holder: object | undefined
  /** Messages of the connection that came meanwhile. */
  readonly #kept: Chunk[] = []
  readonly #waiting: (() => void)[] = []
  readonly #afterHold: (() => void)[] = []

  constructor(sink: Sink<Chunk>) {
    this.#sink = sink
    this.framing = sink.framing
  }

  /** The sink takes more. */
  drained(): void {
    this.#full = false
    this.#wake()
  }

  /** The connection has enough to do: wait for your turn. */
  get full(): boolean {
    return this.#full
  }

  get held(): boolean {
    return this.#holder !== undefined
  }

  /** Undefined: `who` may write now. Else it resolves when it is time to ask again. */
  turn(who: object): Promise<void> | undefined {
    const free = this.#holder === undefined || this.#holder === who
    if (this.#closed || (free && !this.#full)) return undefined
    return new Promise((resolve) => this.#waiting.push(resolve))
  }

  write(chunk: Chunk): void {
    if (this.#closed) return
    this.wrote = true
    this.#full = !this.#sink.write(chunk)
  }

  /** Sends a message of the connection itself: at once, or after the large message that is under way. */
  say(text: string): void {
    const chunk = this.framing.chunk([{ id: undefined, event: undefined, body: text }])
    if (this.#holder === undefined) this.write(chunk)
    else this.#kept.push(chunk)
  }

  /** To be called in the same breath as a `turn` that gave undefined. */
  hold(who: object): void {
    this.#holder = who
  }

  release(): void {
    this.#holder = undefined
    for (const chunk of this.#kept.splice(0)) this.write(chunk)
    for (const callback of this.#afterHold.splice(0)) callback()
    this.#wake()
  }

  /** Calls `callback` when no large message is under way: at once, or at its end. */
  whenFree(callback: () => void): void {
    if (this.#holder === undefined) callback()
    else this.#afterHold.push(callback)
  }

  /** Nothing is written any more. */
  close(): void {
    this.#closed = true
    this.#wake()
  }

  #wake(): void {
    for (const resolve of this.#waiting.splice(0)) resolve()
  }
}
