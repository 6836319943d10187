import type { Duplex } from 'node:stream'
import type { WebSocket } from 'ws'
import { socketFraming } from './websocket-frames.js'

/**
 * The sending side of one socket, shared by the jobs that it watches. They write in turns: whoever finds the socket full waits in line, and
 * every drain lets the line go in its order, so that none starves another.
 */
export class Outlet {
  readonly #ws: WebSocket
  readonly #socket: Duplex
  /** Something was written since this was last set back. */
  wrote = false
  #full = false
  #closed = false
  /** Who sends a message in fragments: until its last one no other message may be written (RFC 6455, 5.4). */
  #holder: object | undefined
  /** Messages of the connection that came meanwhile. */
  readonly #kept: Buffer[] = []
  readonly #waiting: (() => void)[] = []
  readonly #afterHold: (() => void)[] = []

  /** @param socket what carries `ws`: ready frames are written to it */
  constructor(ws: WebSocket, socket: Duplex) {
    this.#ws = ws
    this.#socket = socket
    socket.on('drain', () => {
      this.#full = false
      this.#wake()
    })
  }

  /** The socket has enough to do: wait for your turn. */
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

  write(frames: Buffer): void {
    // After a close frame of either side nothing may follow.
    if (this.#closed || this.#ws.readyState !== this.#ws.OPEN) return
    this.wrote = true
    this.#full = !this.#socket.write(frames)
  }

  /** Sends a message of the connection itself: at once, or after the large message that is under way. */
  say(text: string): void {
    const frames = socketFraming.chunk([{ id: undefined, event: undefined, body: text }])
    if (this.#holder === undefined) this.write(frames)
    else this.#kept.push(frames)
  }

  /** To be called in the same breath as a `turn` that gave undefined. */
  hold(who: object): void {
    this.#holder = who
  }

  release(): void {
    this.#holder = undefined
    for (const frames of this.#kept.splice(0)) this.write(frames)
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
