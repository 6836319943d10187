import type { ClientMessage } from '../../src/wire/websocket/client-messages.js'
import type { ServerMessage } from '../../src/wire/websocket/server-messages.js'

/** `waiting`: the connection was lost and is tried again at a certain time. */
export type LinkState = 'idle' | 'connecting' | 'open' | 'waiting'

/** What a connection tells. */
export interface ConnectionListener {
  message(message: ServerMessage, size: number): void
  sent(message: ClientMessage): void
  state(state: LinkState, text: string): void
  /** It will not be tried again, and somebody must do something. */
  refused(why: string): void
  latency(ms: number): void
}

/** Seconds between attempts. */
const BACKOFF_S = [1, 2, 4, 8, 15]
const PING_MS = 30_000
/** So long an answer to a ping may take. */
const PONG_MS = 10_000

/** After these codes another try would end the same. */
const FINAL: Readonly<Record<number, string>> = {
  1008: 'The server closed the connection: too many messages that it could not read.',
  4401: 'The server did not accept the API key.',
  4403: 'The API key does not allow this.',
  4408: 'The server closed the connection because it was idle.',
}

/** A WebSocket that comes back after it was lost, until it is told to stop. */
export class Connection {
  readonly #listener: ConnectionListener
  #socket: WebSocket | undefined
  #url = ''
  #key = ''
  #attempts = 0
  #retry: ReturnType<typeof setTimeout> | undefined
  #ping: ReturnType<typeof setInterval> | undefined
  #pingedAt: number | undefined
  #overdue: ReturnType<typeof setTimeout> | undefined

  constructor(listener: ConnectionListener) {
    this.#listener = listener
  }

  get open(): boolean {
    return this.#socket?.readyState === WebSocket.OPEN
  }

  connect(url: string, key: string): void {
    this.disconnect()
    this.#url = url
    this.#key = key
    this.#attempts = 0
    this.#begin()
  }

  disconnect(): void {
    clearTimeout(this.#retry)
    this.#rest()
    const socket = this.#socket
    this.#socket = undefined
    socket?.close(1000)
    this.#listener.state('idle', 'Not connected')
  }

  /** @returns false when there is no connection */
  send(message: ClientMessage): boolean {
    if (!this.open) return false
    this.#socket?.send(JSON.stringify(message))
    this.#listener.sent(message)
    return true
  }

  #begin(): void {
    let socket: WebSocket
    try {
      socket = this.#key === '' ? new WebSocket(this.#url) : new WebSocket(this.#url, this.#key)
    } catch (error) {
      this.#listener.state('idle', 'Not connected')
      return this.#listener.refused(error instanceof Error ? error.message : 'This can not be connected to.')
    }
    this.#socket = socket
    this.#listener.state('connecting', 'Connecting…')
    socket.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
      if (this.#socket === socket && typeof data === 'string') this.#take(data)
    })
    socket.addEventListener('close', ({ code, reason }) => {
      if (this.#socket === socket) this.#lost(code, reason)
    })
  }

  #take(text: string): void {
    const message = JSON.parse(text) as ServerMessage
    clearTimeout(this.#overdue)
    if (message.type === 'welcome') this.#welcome()
    if (message.type === 'pong' && this.#pingedAt !== undefined) {
      this.#listener.latency(performance.now() - this.#pingedAt)
      this.#pingedAt = undefined
    }
    this.#listener.message(message, text.length)
  }

  #welcome(): void {
    this.#attempts = 0
    this.#listener.state('open', 'Connected')
    const ping = (): void => {
      this.#pingedAt = performance.now()
      if (this.send({ type: 'ping' })) this.#overdue = setTimeout(() => this.#lost(1006, 'no answer to a ping'), PONG_MS)
    }
    this.#ping = setInterval(ping, PING_MS)
    ping()
  }

  #lost(code: number, reason: string): void {
    this.#rest()
    const socket = this.#socket
    this.#socket = undefined
    socket?.close()
    const final = FINAL[code]
    if (final !== undefined) {
      this.#listener.state('idle', 'Not connected')
      return this.#listener.refused(reason === '' ? final : `${final} (${reason})`)
    }
    const asked = /retry after (\d+) ms/.exec(reason)?.[1]
    const backoffMs = (BACKOFF_S[Math.min(this.#attempts, BACKOFF_S.length - 1)] ?? 15) * 1000
    const waitMs = asked === undefined ? backoffMs * (0.8 + Math.random() * 0.4) : Number(asked)
    this.#attempts += 1
    this.#listener.state('waiting', `Lost (${code}); trying again in ${Math.max(1, Math.round(waitMs / 1000))} s`)
    this.#retry = setTimeout(() => this.#begin(), waitMs)
  }

  #rest(): void {
    clearInterval(this.#ping)
    clearTimeout(this.#overdue)
    this.#pingedAt = undefined
  }
}
