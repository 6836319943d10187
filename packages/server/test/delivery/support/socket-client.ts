import { WebSocket } from 'ws'
import type { ClientOptions } from 'ws'
import { onTestFinished } from 'vitest'

type Message = Record<string, unknown> & { readonly type: string }

/** A WebSocket client that keeps what it gets until it is asked for. */
export class SocketClient {
  readonly ws: WebSocket
  readonly #messages: Message[] = []
  readonly #closed: Promise<{ readonly code: number; readonly reason: string }>
  #isClosed = false
  #wake: (() => void) | undefined

  constructor(url: string, protocols: readonly string[] = [], options: ClientOptions = {}) {
    this.ws = new WebSocket(url.replace(/^http/, 'ws'), [...protocols], options)
    this.ws.on('message', (data: Buffer) => {
      this.#messages.push(JSON.parse(data.toString()) as Message)
      this.#wake?.()
    })
    this.ws.on('error', () => undefined)
    this.#closed = new Promise((resolve) => {
      this.ws.on('close', (code, reason) => {
        this.#isClosed = true
        this.#wake?.()
        resolve({ code, reason: reason.toString() })
      })
    })
    onTestFinished(() => this.ws.terminate())
  }

  send(message: unknown): void {
    const text = typeof message === 'string' ? message : JSON.stringify(message)
    if (this.ws.readyState === this.ws.CONNECTING) this.ws.once('open', () => this.ws.send(text))
    else this.ws.send(text)
  }

  /** The next message. */
  async next(): Promise<Message> {
    for (;;) {
      const message = this.#messages.shift()
      if (message !== undefined) return message
      if (this.#isClosed) throw new Error('The socket is closed.')
      await new Promise<void>((resolve) => {
        this.#wake = resolve
      })
    }
  }

  /** The next message of a type; what comes before it is dropped. */
  async nextOf(type: string): Promise<Message> {
    for (;;) {
      const message = await this.next()
      if (message.type === type) return message
    }
  }

  closed(): Promise<{ readonly code: number; readonly reason: string }> {
    return this.#closed
  }
}
