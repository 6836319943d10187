import type { IncomingMessage } from 'node:http'
import type { StoredJob } from '@headway/core'
import type { Reset, Seq } from '@headway/protocol'
import type { Cursor } from './cursor.js'
import type { Dialect, DialectMessage, ImmutableJob } from './dialect.js'

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

/** Who may come in. */
export interface Welcome<Principal> {
  readonly principal: Principal
  /** Closed with 4408 unless a job is attached by then, in milliseconds: for whoever did not say who it is. Absent: never. */
  readonly attachWithinMs?: number
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
  /** Refuses an upgrade with an HTTP answer, for limits that count upgrades. A HeadwayError that is thrown refuses it, too. */
  refuse?(request: SocketRequest): Promise<UpgradeRefusal | undefined>
  /**
   * Who is it? Asked after the upgrade: a browser can't see why one was refused. A HeadwayError that is thrown closes the socket, too: with
   * 4401 or 4403 after its status, 1013 where trying again may help, else 1008.
   */
  authenticate(request: SocketRequest): Promise<Welcome<Principal> | Unwelcome>
  /** Begins a session. What the handler sends here is the first that the client gets. */
  open(session: SocketSession, principal: Principal, request: SocketRequest): SocketHandler
  /**
   * The text that answers a message which could not be done. `code` is stable.
   *
   * @param about the message as it was parsed; undefined when it was not JSON
   */
  error(code: string, message: string, about: unknown): string
  /** The message that is sent when there was nothing else for a while; absent: only pings are sent. */
  heartbeat?(): string
}

/** What can be wrong with a message, beside the codes of the API's errors. */
export const SOCKET_ERROR_CODES = [
  'INVALID_MESSAGE',
  'UNKNOWN_MESSAGE_TYPE',
  'MESSAGE_TOO_LARGE',
  'ALREADY_ATTACHED',
  'NOT_ATTACHED',
  'TOO_MANY_JOBS',
] as const

/** A message that can't be done. `code` is one of `SOCKET_ERROR_CODES`, or the protocol's own. */
export class SocketError extends Error {
  override readonly name = 'SocketError'
  readonly code: string

  constructor(code: (typeof SOCKET_ERROR_CODES)[number] | (string & {}), message: string) {
    super(message)
    this.code = code
  }
}

export interface SocketHandler {
  /**
   * Parses a message elsewhere where that would hold up this thread; undefined: it is parsed here, as JSON.
   * A throw of HeadwayError or `SocketError` is answered with the protocol's `error`.
   */
  parse?(text: Buffer): Promise<unknown> | undefined
  /**
   * Takes a message, parsed from JSON; the next one waits until it is done. A throw of HeadwayError or `SocketError` is
   * answered with the protocol's `error`.
   */
  message(message: unknown): Promise<void> | void
  /** Says what was wrong with a message in place of the protocol's `error`, where that depends on what the connection does. */
  error?(code: string, message: string, about: unknown): string
  /** Whether it watches anything beside the logs that are attached: then it is not idle. */
  watches?(): boolean
  /** The socket is gone. */
  closed?(): void
}

/**
 * How the sending of a log ended, and its last seq that was sent. `finished`: that was the terminal event; `gone`: the job and its history were
 * removed (a reset was sent); `detached`; `failed`: the events could not be read, and the socket is being closed with 1013.
 */
export interface AttachmentEnd {
  readonly how: 'finished' | 'gone' | 'detached' | 'failed'
  readonly after: Seq
}

export interface Attachment {
  /** The last seq of which everything was sent; where it began, before that. */
  readonly after: Seq
  /** Stops sending between two messages; then `ended` is called. */
  detach(): void
}

export interface AttachOptions {
  readonly job: StoredJob
  readonly cursor: Cursor
  /** Makes the messages; each body is a whole message, with its `seq`. `reset` is not used: see below. Keep one object for all sockets. */
  readonly dialect: Pick<Dialect, 'name' | 'encode'>
  readonly reset: (reset: Reset, job: ImmutableJob) => readonly string[]
  /** Puts what only this connection knows (a session's name) into a message. Costs an encoding for each socket: leave it out where you can. */
  readonly envelope?: (message: DialectMessage) => DialectMessage
  /** Called once, after the last message; not when the socket closes. */
  readonly ended?: (end: AttachmentEnd) => void
}

/** A connection that carries the logs of any number of jobs: a socket, or a stream over HTTP. */
export interface Carrier {
  readonly connectionId: string
  /** False once it is closing. */
  readonly open: boolean
  /** How many jobs it watches now. */
  readonly attachments: number
  /** Sends a message of this connection only. In order with the job's messages, never inside one. */
  send(text: string): void
  /** Undefined: the client takes more now. Else it is slow, and this resolves when it is time to ask again. */
  turn(): Promise<void> | undefined
  /** Sends a job's log from a cursor on. Jobs of one connection take turns. */
  attach(options: AttachOptions): Attachment
}

/** One socket. */
export interface SocketSession extends Carrier {
  close(code: number, reason: string): void
}
