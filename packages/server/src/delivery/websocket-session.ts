import { randomUUID } from 'node:crypto'
import type { Duplex } from 'node:stream'
import { HeadwayError } from '@headway/core'
import { CLOSE_CODES, ERROR_CODES } from '@headway/protocol'
import type { WebSocket } from 'ws'
import type { Delivery } from './delivery.js'
import { comebackMs } from './settings.js'
import { SocketAttachment } from './websocket-attachment.js'
import { Inbox } from './websocket-inbox.js'
import { Outlet } from './websocket-outlet.js'
import type { AttachOptions, Attachment, SocketHandler, SocketProtocol, SocketRequest, SocketSession } from './websocket-protocol.js'
import type { Watcher } from './watchers.js'

/** What waits for a slow reader before its pings are no longer answered, in bytes. */
const MAX_WAITING_PONG_BYTES = 64 * 1024

/** One socket, whatever protocol it speaks: takes its messages one after another, and sends to it as fast as it reads. */
export class Session implements SocketSession, Watcher {
  readonly transport = 'websocket'
  readonly connectionId = randomUUID()
  readonly #delivery: Delivery
  readonly #protocol: SocketProtocol
  readonly #ws: WebSocket
  readonly #socket: Duplex
  readonly #outlet: Outlet
  readonly #attachments = new Set<SocketAttachment>()
  readonly #inbox: Inbox
  #handler: SocketHandler | undefined
  /** When something was sent last, a ping was sent, anything was heard, and the socket was not idle: the registry's time. */
  #sentAt: number
  #pingedAt: number
  #heardAt: number
  #busyAt: number

  constructor(delivery: Delivery, protocol: SocketProtocol, ws: WebSocket, socket: Duplex) {
    this.#delivery = delivery
    this.#protocol = protocol
    this.#ws = ws
    this.#socket = socket
    this.#outlet = new Outlet(ws, socket)
    this.#inbox = new Inbox({ delivery, protocol, ws, session: this, outlet: this.#outlet })
    delivery.watchers.add(this)
    this.#sentAt = this.#pingedAt = this.#heardAt = this.#busyAt = delivery.watchers.now
  }

  get open(): boolean {
    return this.#ws.readyState === this.#ws.OPEN
  }

  get attachments(): number {
    return this.#attachments.size
  }

  /** Finds out who it is and begins to listen. Messages that come before wait in the connection. */
  async begin(request: SocketRequest): Promise<void> {
    this.#listen()
    this.#ws.pause()
    try {
      const answer = await this.#protocol.authenticate(request)
      if ('refused' in answer) this.close(CLOSE_CODES[answer.refused], answer.message)
      else if (this.open) {
        this.#handler = this.#protocol.open(this, answer.principal, request)
        this.#inbox.handler = this.#handler
      }
    } catch (error) {
      this.#refuse(error)
    }
    this.#ws.resume()
  }

  send(text: string): void {
    this.#outlet.say(text)
  }

  attach(options: AttachOptions): Attachment {
    if (!this.open) return { done: Promise.resolve({ how: 'detached', after: options.cursor.after }), detach: () => undefined }
    const attachment = new SocketAttachment(this.#delivery, this.#outlet, options)
    this.#attachments.add(attachment)
    void attachment.done.then(({ how }) => {
      this.#attachments.delete(attachment)
      this.#busyAt = this.#delivery.watchers.now
      if (how === 'failed') this.#comeLater()
    })
    return attachment
  }

  close(code: number, reason: string): void {
    if (!this.open) return
    // A close frame has room for 123 bytes of reason.
    this.#ws.close(
      code,
      Buffer.from(reason)
        .subarray(0, 123)
        .toString()
        .replace(/\uFFFD$/, ''),
    )
    this.#stop()
  }

  leave(retryMs: number): void {
    this.#outlet.whenFree(() => this.close(CLOSE_CODES.restart, `retry after ${retryMs} ms`))
  }

  destroy(): void {
    this.#ws.terminate()
  }

  tick(now: number): void {
    const { heartbeatMs } = this.#delivery.settings
    // Whoever is slow to read is not dead: its answers wait, as it does.
    if (!this.open || this.#outlet.full || this.#outlet.held) {
      this.#heardAt = now
      return
    }
    if (this.#outlet.wrote) this.#sentAt = now
    this.#outlet.wrote = false
    if (now - this.#heardAt >= 2 * heartbeatMs + this.#delivery.settings.tickMs)
      return this.close(CLOSE_CODES.timeout, 'no answer to a ping')
    const { idleMs } = this.#protocol
    if (idleMs !== undefined && this.#attachments.size === 0 && now - this.#busyAt >= idleMs) return this.close(CLOSE_CODES.timeout, 'idle')
    if (now - this.#pingedAt >= heartbeatMs) {
      this.#pingedAt = now
      this.#ws.ping()
    }
    if (now - this.#sentAt >= heartbeatMs && this.#protocol.heartbeat !== undefined) this.send(this.#protocol.heartbeat())
  }

  #refuse(error: unknown): void {
    const status = error instanceof HeadwayError ? ERROR_CODES[error.code].status : 500
    if (!(error instanceof HeadwayError) || status >= 500) this.#delivery.onError(error, 'opening a socket')
    if (error instanceof HeadwayError && status === 401) this.close(CLOSE_CODES.unauthorized, error.message)
    else if (error instanceof HeadwayError && status === 403) this.close(CLOSE_CODES.forbidden, error.message)
    else if (error instanceof HeadwayError && status < 429) this.close(CLOSE_CODES.policy, error.message)
    else this.#comeLater()
  }

  #comeLater(): void {
    this.close(CLOSE_CODES.tryLater, `retry after ${comebackMs(this.#delivery.settings)} ms`)
  }

  #listen(): void {
    const heard = (): void => {
      this.#heardAt = this.#delivery.watchers.now
    }
    this.#ws.on('message', (data, isBinary) => {
      heard()
      this.#busyAt = this.#heardAt
      this.#inbox.take(data, isBinary)
    })
    this.#ws.on('pong', heard)
    this.#ws.on('ping', (data) => {
      heard()
      if (this.#socket.writableLength < MAX_WAITING_PONG_BYTES) this.#ws.pong(data)
    })
    // What is wrong with a frame closes the socket, with the code of RFC 6455; there is nothing more to do.
    this.#ws.on('error', () => undefined)
    this.#ws.on('close', () => {
      this.#stop()
      this.#delivery.watchers.delete(this)
      this.#handler?.closed?.()
    })
  }

  #stop(): void {
    this.#outlet.close()
    for (const attachment of this.#attachments) attachment.abandon()
  }
}
