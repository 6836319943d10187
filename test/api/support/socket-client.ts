import { onTestFinished } from 'vitest'
import { WebSocket } from 'ws'

type Message = Readonly<Record<string, unknown>> & { readonly type: string }

/** A WebSocket client that keeps what it gets until it is asked for. */
export class SocketClient {
  readonly #socket: WebSocket
  readonly #messages: Message[] = []
  #isClosed = false
  #wake: () => void = () => undefined

  /** @param heard called with every message as it comes; what it throws is thrown by `nextOf` */
  constructor(url: string, token: string | undefined, heard: (message: Message) => void) {
    this.#socket = new WebSocket(url.replace(/^http/, 'ws'), token === undefined ? [] : [token])
    this.#socket.on('message', (data: Buffer) => {
      const message = JSON.parse(data.toString()) as Message
      try {
        heard(message)
      } catch (error) {
        this.#failure = error
      }
      this.#messages.push(message)
      this.#wake()
    })
    this.#socket.on('error', () => undefined)
    this.#socket.on('close', () => {
      this.#isClosed = true
      this.#wake()
    })
    onTestFinished(() => this.#socket.terminate())
  }

  #failure: unknown

  send(message: unknown): void {
    const text = typeof message === 'string' ? message : JSON.stringify(message)
    if (this.#socket.readyState === WebSocket.CONNECTING) this.#socket.once('open', () => this.#socket.send(text))
    else this.#socket.send(text)
  }

  /** The next message of a type; what comes before it is dropped. @throws Error when the socket closes before */
  async nextOf(type: string): Promise<Message> {
    for (;;) {
      if (this.#failure !== undefined) throw this.#failure
      const message = this.#messages.shift()
      if (message?.type === type) return message
      if (message !== undefined) continue
      if (this.#isClosed) throw new Error(`The socket is closed; there was no ${type}.`)
      await new Promise<void>((resolve) => {
        this.#wake = resolve
      })
    }
  }
}
