import type { StoredJob } from '@headway/core'
import { HeadwayError } from '@headway/core'
import { parseCursor, SocketError, validate } from '@headway/server'
import type { Attachment, Cursor, ServerKit, SocketHandler, SocketSession } from '@headway/server'
import { CLIENT_MESSAGE_TYPES, clientMessageSchema } from './client-messages.js'
import type { ClientMessage } from './client-messages.js'
import { shownCode } from '../render-error.js'
import { socketDialect } from './socket-dialect.js'

/** The close code of a connection whose job is over (RFC 6455, section 7.4.1). */
const NORMAL_CLOSURE = 1000

export interface HandlerOptions {
  readonly kit: ServerKit
  readonly session: SocketSession
  readonly job: StoredJob
  /** @throws HeadwayError when whoever opened the connection may only look on */
  readonly mayControl: () => Promise<void>
  readonly readyMs: number
}

/** One connection to `/ws/progress`. Its job goes on when it is gone. */
export class ProgressSocketHandler implements SocketHandler {
  readonly #options: HandlerOptions
  /** Streaming begins without `ready` when it ends; undefined once it has begun. */
  #waiting: NodeJS.Timeout | undefined
  #attachment: Attachment | undefined

  constructor(options: HandlerOptions) {
    this.#options = options
    this.#waiting = setTimeout(() => this.#follow({ after: 0, skip: 0 }), options.readyMs)
  }

  async message(received: unknown): Promise<void> {
    const message = this.#parse(received)
    switch (message.type) {
      case 'ready':
        return this.#ready(parseCursor(String(message.after ?? 0)), message.after)
      case 'cancel':
        await this.#options.mayControl()
        await this.#options.kit.engine.request(this.#options.job.id, 'cancel', message.reason)
        return
      case 'ping':
        return this.#options.session.send(JSON.stringify({ type: 'pong', jobId: this.#options.job.id, seq: this.#seq }))
    }
  }

  closed(): void {
    clearTimeout(this.#waiting)
  }

  error(code: string, message: string): string {
    return JSON.stringify({ type: 'error', jobId: this.#options.job.id, seq: this.#seq, error: { code: shownCode(code), message } })
  }

  /** How far the stream is. */
  get #seq(): number {
    return this.#attachment?.after ?? 0
  }

  /** Whoever is late is taken on from where they are; a stream never goes back: what it has said came over this connection. */
  #ready(cursor: Cursor, after: number | string = 0): void {
    const { session, job } = this.#options
    const acknowledge = (seq: number | string): void => session.send(JSON.stringify({ type: 'ready_ack', jobId: job.id, seq }))
    const isBehind = this.#waiting !== undefined || cursor.after > this.#seq
    if (!isBehind) return acknowledge(this.#seq)
    acknowledge(after)
    this.#follow(cursor)
  }

  #follow(cursor: Cursor): void {
    clearTimeout(this.#waiting)
    this.#waiting = undefined
    const { session, job } = this.#options
    if (!session.open) return
    this.#attachment?.detach()
    this.#attachment = session.attach({
      job,
      cursor,
      dialect: socketDialect,
      reset: (reset) => [JSON.stringify({ ...reset, jobId: job.id, seq: reset.after })],
      ended: ({ how }) => {
        if (how === 'finished' || how === 'gone') session.close(NORMAL_CLOSURE, 'the job is over')
      },
    })
  }

  /** @throws SocketError UNKNOWN_MESSAGE_TYPE, INVALID_MESSAGE */
  #parse(received: unknown): ClientMessage {
    const type: unknown = typeof received === 'object' && received !== null && 'type' in received ? received.type : undefined
    if (typeof type === 'string' && !CLIENT_MESSAGE_TYPES.has(type)) {
      throw new SocketError('UNKNOWN_MESSAGE_TYPE', `There is no message of this type; there are ${[...CLIENT_MESSAGE_TYPES].join(', ')}.`)
    }
    const message = this.#validated(received)
    if (message.type !== 'ping' && message.jobId !== undefined && message.jobId !== this.#options.job.id) {
      throw new SocketError('INVALID_MESSAGE', `This connection is for the job ${this.#options.job.id}; open another one for another job.`)
    }
    return message
  }

  #validated(received: unknown): ClientMessage {
    try {
      return validate(clientMessageSchema, received, 'The message')
    } catch (error) {
      if (error instanceof HeadwayError) throw new SocketError('INVALID_MESSAGE', error.message)
      throw error
    }
  }
}
