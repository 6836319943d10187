import type { IncomingMessage } from 'node:http'
import type { StoredJob } from '@headway/core'
import type { Reset } from '@headway/protocol'
import type { Cursor } from './cursor.js'
import type { Dialect, DialectMessage } from './dialect.js'

/** An answer to an upgrade that is refused before it becomes a socket. */
export interface UpgradeRefusal {
  readonly status: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body: string
}

/** An upgrade as the router saw it. */
export interface SocketRequest {
  readonly request: IncomingMessage
  readonly url: URL
  /** The first subprotocol that was offered: where a browser puts its token. It is echoed. */
  readonly token: string | undefined
}

/** Who may not come in, and why: closed with 4401 or 4403. */
export interface Unwelcome {
  readonly refused: 'unauthorized' | 'forbidden'
  readonly message: string
}

/** How one service speaks over WebSocket: the native protocol, or a dialect of its own, at a path of its own. */
export interface SocketProtocol<Principal = unknown> {
  /** The path of the upgrade. */
  readonly path: string
  /** The largest message that a client may send, in bytes. */
  readonly maxMessageBytes: number
  /** A socket that watches nothing and says nothing for so long is closed with 4408. In milliseconds; absent: never. */
  readonly idleMs?: number
  /** Refuses an upgrade with an HTTP answer, for limits that count upgrades. */
  refuse?(request: SocketRequest): Promise<UpgradeRefusal | undefined>
  /** Who is it? Asked after the upgrade: a browser can't see why one was refused. */
  authenticate(request: SocketRequest): Promise<{ readonly principal: Principal } | Unwelcome>
  /** Begins a session. What the handler sends here is the first that the client gets. */
  open(session: SocketSession, principal: Principal, request: SocketRequest): SocketHandler
  /** The text that answers a message which was not understood, or a failure. `code` is stable. */
  error(code: string, message: string): string
  /** The message that is sent when there was nothing else for a while; absent: only pings are sent. */
  heartbeat?(): string
}

export interface SocketHandler {
  /**
   * Takes a message, parsed from JSON; the next one waits until it is done. A throw of HeadwayError or `SocketError` is
   * answered with the protocol's `error`.
   */
  message(message: unknown): Promise<void> | void
  /** The socket is gone. */
  closed?(): void
}

/** What an attachment does. The promise of `done` never rejects. */
export interface Attachment {
  readonly done: Promise<AttachmentEnd>
  /** Stops sending between two messages. */
  detach(): void
}

/**
 * `finished`: the terminal event was sent; `gone`: the job and its history were removed (a reset was sent); `detached`; `failed`: the
 * events could not be read, and the socket is being closed with 1013.
 */
export type AttachmentEnd = 'finished' | 'gone' | 'detached' | 'failed'

export interface AttachOptions {
  readonly job: StoredJob
  readonly cursor: Cursor
  /** Makes the messages; each body is a whole message, with its `seq`. `reset` is not used: see below. Keep one object for all sockets. */
  readonly dialect: Pick<Dialect, 'name' | 'encode'>
  readonly reset: (reset: Reset) => readonly string[]
  /** Puts what only this connection knows (a session's name) into a message. Costs an encoding for each socket: leave it out where you can. */
  readonly envelope?: (message: DialectMessage) => DialectMessage
}

/** One socket. */
export interface SocketSession {
  readonly connectionId: string
  /** False once it is closing. */
  readonly open: boolean
  /** How many jobs it watches now. */
  readonly attachments: number
  /** Sends a message of this connection only. In order with the job's messages, never inside one. */
  send(text: string): void
  /** Sends a job's log from a cursor on. Jobs of one socket take turns. */
  attach(options: AttachOptions): Attachment
  close(code: number, reason: string): void
}
