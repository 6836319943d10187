import { CLOSE_CODES, isDeeperThan, MAX_JSON_DEPTH } from '@headway/protocol'
import type { RawData, WebSocket } from 'ws'
import type { Delivery } from './delivery.js'
import type { Outlet } from './outlet.js'
import { wordsOf } from './error-words.js'
import { SocketError } from './websocket-protocol.js'
import type { SocketHandler, SocketProtocol, SocketSession } from './websocket-protocol.js'

/** So many messages in a row that make no sense or bring no valid token, and the socket is closed with 1008. */
export const MAX_BAD_MESSAGES = 10

const BAD: ReadonlySet<string> = new Set(['INVALID_MESSAGE', 'UNKNOWN_MESSAGE_TYPE', 'MESSAGE_TOO_LARGE', 'UNAUTHORIZED', 'TOKEN_EXPIRED'])

export interface InboxOptions {
  readonly delivery: Delivery
  readonly protocol: SocketProtocol
  readonly ws: WebSocket
  readonly session: SocketSession
  readonly outlet: Outlet<Buffer>
}

/**
 * The messages of one client, handled one after another. While one is handled, or while the client does not read its answers, nothing more is read from
 * its socket: what waits here came in one read.
 */
export class Inbox {
  handler: SocketHandler | undefined
  readonly #options: InboxOptions
  #waiting: (Buffer | SocketError)[] = []
  #working = false
  #bad = 0

  constructor(options: InboxOptions) {
    this.#options = options
  }

  take(data: RawData, isBinary: boolean): void {
    this.#waiting.push(this.#checked(data, isBinary))
    if (!this.#working) void this.#work()
  }

  /** A message that was too long to be taken: the socket is being closed. */
  refuseOversized(): void {
    this.#answer(tooLarge(this.#options.protocol), undefined)
  }

  #checked(data: RawData, isBinary: boolean): Buffer | SocketError {
    const { protocol } = this.#options
    if (isBinary || !Buffer.isBuffer(data)) return new SocketError('INVALID_MESSAGE', 'A message is a text with one JSON object.')
    return data.length > protocol.maxMessageBytes ? tooLarge(protocol) : data
  }

  async #work(): Promise<void> {
    const { ws, session, outlet } = this.#options
    this.#working = true
    ws.pause()
    while (this.#waiting.length > 0) {
      const messages = this.#waiting
      this.#waiting = []
      for (const message of messages) {
        if (!session.open) break
        await this.#handle(message)
        for (let wait = outlet.turn(this); wait !== undefined; wait = outlet.turn(this)) await wait
      }
    }
    this.#working = false
    ws.resume()
  }

  async #handle(text: Buffer | SocketError): Promise<void> {
    let message: unknown
    try {
      if (text instanceof SocketError) throw text
      const elsewhere = this.handler?.parse?.(text)
      message = elsewhere === undefined ? parse(text) : await elsewhere
      await this.handler?.message(message)
      this.#bad = 0
    } catch (error) {
      this.#answer(error, message)
    }
  }

  #answer(error: unknown, about: unknown): void {
    const { delivery, session } = this.#options
    const { code, message } = wordsOf(error, delivery, 'handling a message of a socket')
    session.send(this.#errorText(code, message, about))
    this.#bad += BAD.has(code) ? 1 : 0
    if (this.#bad >= MAX_BAD_MESSAGES) session.close(CLOSE_CODES.policy, 'too many bad messages')
  }

  #errorText(code: string, message: string, about: unknown): string {
    return this.handler?.error?.(code, message, about) ?? this.#options.protocol.error(code, message, about)
  }
}

function tooLarge({ maxMessageBytes }: SocketProtocol): SocketError {
  return new SocketError('MESSAGE_TOO_LARGE', `A message is at most ${maxMessageBytes} bytes.`)
}

function parse(text: Buffer): unknown {
  let value: unknown
  try {
    value = JSON.parse(text.toString())
  } catch {
    throw new SocketError('INVALID_MESSAGE', 'The message is not valid JSON.')
  }
  if (!isDeeperThan(MAX_JSON_DEPTH, value)) return value
  throw new SocketError('INVALID_MESSAGE', `At most ${MAX_JSON_DEPTH} arrays and objects of a message may stand in each other.`)
}
