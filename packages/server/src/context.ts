import type { HttpBindings } from '@hono/node-server'
import type { Context, Hono } from 'hono'
import type { Logger } from 'pino'
import type { AnswerHeaders } from './answer-headers.js'

/** What the server knows of whoever sent a request, before anything of it is believed. */
export interface ClientInfo {
  /** Of this request, for logs and error bodies. */
  readonly requestId: string
  /** The address of the client; forwarded ones count only where a trusted proxy said so. */
  readonly ip: string
  /** Scheme and host as the client used them, without a slash at the end. */
  readonly origin: string
  /** A logger that carries the request's id. */
  readonly log: Logger
}

/** The types that every handler's `c` has. `c.env.incoming` and `c.env.outgoing` are Node's own. */
export interface ServerEnv {
  Bindings: HttpBindings
  Variables: {
    client: ClientInfo
    answerHeaders: AnswerHeaders
    /** The route is one that a ticket opens: `addRoute` says so for streams. */
    takesTickets?: true
  }
}
export type ServerApp = Hono<ServerEnv>
export type ServerContext = Context<ServerEnv>
