import { onTestFinished } from 'vitest'
import { WebSocket } from 'ws'
import { serverMessageSchema } from '../../../dist/wire/websocket/messages.js'
import type { ServerMessage } from '../../../dist/wire/websocket/messages.js'

type MessageOf<Type extends ServerMessage['type']> = Extract<ServerMessage, { type: Type }>

/** A client of `/ws/compile` that checks each message against the schema that describes it. It ends with the test. */
export class SocketClient {
  readonly ws: WebSocket
  readonly received: ServerMessage[] = []
  readonly closed: Promise<{ readonly code: number; readonly reason: string }>
  /** The answer to an upgrade that was refused. */
  readonly refused: Promise<{ readonly status: number; readonly headers: Readonly<Record<string, unknown>>; readonly body: string }>
  readonly #looking: (() => void)[] = []
  #taken = 0
  #over = false

  constructor(url: string, protocols: readonly string[]) {
    this.ws = new WebSocket(url.replace(/^http/, 'ws'), [...protocols], { maxPayload: 0 })
    this.ws.on('error', () => undefined)
    this.ws.on('message', (data) => {
      this.received.push(serverMessageSchema.parse(JSON.parse((data as Buffer).toString())))
      this.#look()
    })
    this.closed = new Promise((resolve) => {
      this.ws.on('close', (code, reason) => {
        this.#over = true
        resolve({ code, reason: reason.toString() })
        this.#look()
      })
    })
    this.refused = new Promise((resolve) => {
      this.ws.on('unexpected-response', (_, answer) => {
        const parts: Buffer[] = []
        answer.on('data', (part: Buffer) => parts.push(part))
        answer.on('end', () => {
          resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body: Buffer.concat(parts).toString() })
          this.ws.terminate()
        })
      })
    })
    onTestFinished(() => this.ws.terminate())
  }

  /** Sends a message, or a text as it is, once the server has said its welcome. */
  async send(message: object | string | Buffer): Promise<void> {
    while (!this.received.some(({ type }) => type === 'welcome')) await this.#news()
    this.ws.send(typeof message === 'string' || Buffer.isBuffer(message) ? message : JSON.stringify(message))
  }

  /** Begins a compilation. */
  compile(sessionId: string, more: object = {}): Promise<void> {
    return this.send({ type: 'compile', sessionId, configuration: { name: `List ${sessionId}`, sources: [{ source: 'a.txt' }] }, ...more })
  }

  /** The next message that was not looked at yet. */
  async next(): Promise<ServerMessage> {
    for (;;) {
      const message = this.received[this.#taken]
      if (message !== undefined) {
        this.#taken += 1
        return message
      }
      await this.#news()
    }
  }

  /** The next message of a type; those before it are passed over. */
  async nextOf<Type extends ServerMessage['type']>(type: Type): Promise<MessageOf<Type>> {
    for (;;) {
      const message = await this.next()
      if (message.type === type) return message as MessageOf<Type>
    }
  }

  /** The first message of a type in a session, whatever came before it: sessions take turns as they like. */
  async firstOf<Type extends ServerMessage['type']>(type: Type, sessionId: string): Promise<MessageOf<Type>> {
    for (;;) {
      const found = this.of(sessionId).find((message) => message.type === type)
      if (found !== undefined) return found as MessageOf<Type>
      await this.#news()
    }
  }

  /** The messages of a session so far. */
  of(sessionId: string): ServerMessage[] {
    return this.received.filter((message) => 'sessionId' in message && message.sessionId === sessionId)
  }

  #news(): Promise<void> {
    if (this.#over) throw new Error(`The connection was closed after ${JSON.stringify(this.received.at(-1))}.`)
    return new Promise((resolve) => this.#looking.push(resolve))
  }

  #look(): void {
    for (const resolve of this.#looking.splice(0)) resolve()
  }
}
