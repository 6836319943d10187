import { randomUUID } from 'node:crypto'
import type { Duplex } from 'node:stream'
import { HeadwayError } from '@headway/core'
import { CLOSE_CODES, ERROR_CODES } from '@headway/protocol'
import type { WebSocket } from 'ws'
import type { Delivery } from './delivery.js'
import { comebackMs } from './settings.js'
import { LogAttachment } from './attachment.js'
import type { AttachmentOwner } from './attachment.js'
import { Inbox } from './websocket-inbox.js'
import { OVERSIZED } from './oversized-socket.js'
import { Outlet } from './outlet.js'
import { socketFraming } from './websocket-frames.js'
import type {
  AttachOptions,
  Attachment,
  AttachmentEnd,
  SocketHandler,
  SocketProtocol,
  SocketRequest,
  SocketSession,
} from './websocket-protocol.js'
import type { Watcher } from './watchers.js'

/** What waits for a slow reader before its pings are no longer answered, in bytes. */
const MAX_WAITING_PONG_BYTES = 64 * 1024

/** So many pings without any sign of life, and the client is taken for gone. */
const MAX_UNANSWERED_PINGS = 2

function ignore(): void {
  // See where it is used.
}

/** One socket, whatever protocol it speaks: takes its messages one after another, and sends to it as fast as it reads. */
export class Session implements SocketSession, AttachmentOwner, Watcher {
  readonly transport = 'websocket'
  readonly connectionId = randomUUID()
  readonly #delivery: Delivery
  readonly #protocol: SocketProtocol
  readonly #ws: WebSocket
  readonly #socket: Duplex
  readonly #outlet: Outlet<Buffer>
  #attachments: readonly LogAttachment<Buffer>[] = []
  readonly #inbox: Inbox
  #handler: SocketHandler | undefined
  /** Pings since the client was heard last. Counted, not timed: a server that was busy or stopped for a while has not lost its clients. */
  #unanswered = 0
  /** When something was sent last, a ping was sent, and the socket was not idle: the registry's time. */
  #sentAt: number
  #pingedAt: number
  #busyAt: number
  /** When a job must have been attached, in the registry's time; undefined: one was, or none needs to. */
  #attachBy: number | undefined

  constructor(delivery: Delivery, protocol: SocketProtocol, ws: WebSocket, socket: Duplex) {
    this.#delivery = delivery
    this.#protocol = protocol
    this.#ws = ws
    this.#socket = socket
    // After a close frame of either side nothing may follow.
    this.#outlet = new Outlet({ framing: socketFraming, write: (frames) => !this.open || socket.write(frames) })
    socket.on('drain', () => this.#outlet.drained())
    this.#inbox = new Inbox({ delivery, protocol, ws, session: this, outlet: this.#outlet })
    delivery.watchers.add(this)
    this.#sentAt = this.#pingedAt = this.#busyAt = delivery.watchers.now
  }

  get open(): boolean {
    return this.#ws.readyState === this.#ws.OPEN
  }

  get attachments(): number {
    return this.#attachments.length
  }

  /** Finds out who it is and begins to listen. Messages that come before wait in the connection. */
  async begin(request: SocketRequest): Promise<void> {
    this.#listen()
    this.#ws.pause()
    try {
      const answer = await this.#protocol.authenticate(request)
      if ('refused' in answer) this.close(CLOSE_CODES[answer.refused], answer.message)
      else if (this.open) {
        if (answer.attachWithinMs !== undefined) this.#attachBy = this.#delivery.watchers.now + answer.attachWithinMs
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

  turn(): Promise<void> | undefined {
    return this.#outlet.turn(this)
  }

  attach(options: AttachOptions): Attachment {
    const attachment = new LogAttachment<Buffer>(this.#delivery, this.#outlet, this, options)
    // Not pushed: that would make room for many more.
    this.#attachments = [...this.#attachments, attachment]
    this.#attachBy = undefined
    if (this.open) attachment.start()
    else attachment.abandon()
    return attachment
  }

  attachmentEnded(attachment: Attachment, how: AttachmentEnd['how']): void {
    this.#attachments = this.#attachments.filter((other) => other !== attachment)
    this.#busyAt = this.#delivery.watchers.now
    if (how === 'failed') this.#comeLater()
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
    if (!this.open) return
    // Also for whoever does not read: else it could hold its place by leaving answers where they are.
    const overdue = this.#overdue(now)
    if (overdue !== undefined) return this.close(CLOSE_CODES.timeout, overdue)
    // Whoever is slow to read is not dead: its answers wait, as it does.
    if (this.#outlet.full || this.#outlet.held) return
    const { heartbeatMs } = this.#delivery.settings
    if (this.#outlet.wrote) this.#sentAt = now
    this.#outlet.wrote = false
    if (now - this.#pingedAt >= heartbeatMs) {
      this.#pingedAt = now
      if (this.#unanswered >= MAX_UNANSWERED_PINGS) return this.close(CLOSE_CODES.timeout, 'no answer to pings')
      this.#unanswered += 1
      this.#ws.ping()
    }
    if (now - this.#sentAt >= heartbeatMs && this.#protocol.heartbeat !== undefined) this.send(this.#protocol.heartbeat())
  }

  /** Why the socket watches nothing for too long; undefined: it does not. */
  #overdue(now: number): string | undefined {
    if (this.#attachments.length > 0 || this.#handler?.watches?.() === true) return undefined
    if (this.#attachBy !== undefined && now >= this.#attachBy) return 'nothing attached in time'
    const { idleMs } = this.#protocol
    return idleMs !== undefined && now - this.#busyAt >= idleMs ? 'idle' : undefined
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
      this.#unanswered = 0
    }
    this.#ws.on('message', (data, isBinary) => {
      heard()
      this.#busyAt = this.#delivery.watchers.now
      this.#inbox.take(data, isBinary)
    })
    this.#ws.on(OVERSIZED, () => this.#inbox.refuseOversized())
    this.#ws.on('pong', heard)
    this.#ws.on('ping', (data) => {
      heard()
      if (this.#socket.writableLength < MAX_WAITING_PONG_BYTES) this.#ws.pong(data)
    })
    // What is wrong with a frame closes the socket, with the code of RFC 6455; there is nothing more to do.
    this.#ws.on('error', ignore)
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
