import type { Engine, HeadwayError, StoredJob } from '@headway/core'
import type { JobId } from '@headway/protocol'
import type { MiddlewareHandler } from 'hono'
import type { Logger } from 'pino'
import type { z } from 'zod'
import type { Principal, Role, TokenScope } from './auth/principal.js'
import type { SocketCaller } from './auth/socket-caller.js'
import type { ServerContext, ServerEnv } from './context.js'
import type { Delivery } from './delivery/delivery.js'
import type { Dialect } from './delivery/dialect.js'
import type { SseOptions } from './delivery/sse.js'
import type { SocketRequest } from './delivery/websocket-protocol.js'
import type { ServiceMetrics } from './system/service-metrics.js'

/** `key`: an API key is needed; `public`: whoever asks may (a key that is sent is checked all the same). */
export type Access = 'public' | 'key'

/** What is done with a job: looking at it, or changing it. */
export type JobRight = 'read' | 'control'

export interface IssuedToken {
  readonly token: string
  readonly expiresAt: Date
}

export interface CreateJobOptions {
  /** The job's id, where the client chose it. */
  readonly id?: JobId
  readonly priority?: number
  readonly runAt?: Date
  /** What makes two requests the same, for `Idempotency-Key`, where the input alone does not tell (an upload's hash, say). */
  readonly fingerprint?: string
  /** What two requests with one `Idempotency-Key` are compared by in place of the input, where that has what is new each time (the name of a blob). */
  readonly comparedInput?: unknown
  /** How long the job's token is good for. The server's `jobTokenMs` by default. */
  readonly tokenTtlMs?: number
}

export interface CreatedByRequest {
  readonly job: StoredJob
  /** False: the request was a repetition and the job was there. */
  readonly created: boolean
  /** Reads and controls this job. */
  readonly token: IssuedToken
}

/** `after` is the query's, unless the service has the cursor from elsewhere; the `Last-Event-ID` header wins over it. */
export type StreamLogOptions = Pick<SseOptions, 'after' | 'headers' | 'heartbeatMs' | 'idle'>

export interface ReadBodyOptions {
  /** The server's `maxJsonBytes` by default. */
  readonly maxBytes?: number
  /** Parses bodies that are too large for the server's thread elsewhere; undefined for those that are not. @throws HeadwayError INVALID_JSON */
  readonly parse?: (bytes: Buffer) => Promise<unknown> | undefined
  /** A body that is absent is taken for this text. Without it, it is INVALID_JSON. */
  readonly emptyAs?: string
}

/** What the wire code of a service gets. All functions that refuse throw HeadwayErrors, which the server renders. */
export interface ServerKit {
  /** False where only jobs are run: nobody can ask for new ones here. */
  readonly servesApi: boolean
  readonly engine: Engine
  readonly delivery: Delivery
  readonly log: Logger
  /** The version of Headway. */
  readonly version: string
  /** What the service adds to `/metrics`. */
  readonly metrics: ServiceMetrics

  /**
   * Whoever holds an API key with this role (`run` includes `read`, `admin` both).
   *
   * @param access with `public`, whoever sends no key passes too, as an anonymous principal
   * @throws HeadwayError UNAUTHORIZED, FORBIDDEN, RATE_LIMIT_EXCEEDED (too many bad keys from one address)
   */
  requireRole(c: ServerContext, role: Role, access?: Access): Promise<Principal>
  /**
   * The job, if whoever asks may do this with it: by an API key (`read`, or `run` to control), by the job's own token
   * (`Authorization: Bearer`), or by a ticket (`?ticket=`, only to read, and only at the routes of streams).
   *
   * @throws HeadwayError UNAUTHORIZED, TOKEN_EXPIRED, FORBIDDEN (also: the token of another job), JOB_NOT_FOUND
   */
  authorizeJob(c: ServerContext, jobId: string, right: JobRight): Promise<StoredJob>
  /** The same for a token that came elsewhere, as a WebSocket subprotocol for example: a job token, a ticket or an API key. */
  authorizeToken(token: string | undefined, jobId: string, right: JobRight, ip: string): Promise<StoredJob>
  /** Who asks for a WebSocket: its address, and what it shows opens. */
  callerOf(request: SocketRequest): SocketCaller

  /** A token for one job, checkable at every node; only of A-Z a-z 0-9 . _ - By default it controls the job, for `jobTokenMs`. */
  issueToken(jobId: JobId, scope?: TokenScope, ttlMs?: number): Promise<IssuedToken>
  /** A read-only ticket for `?ticket=`: until one hour after the job's end (or from now, when it is over), at most 24 hours. */
  issueTicket(job: StoredJob): Promise<IssuedToken>

  /** Refuses new work while the server stops. `createJob` does so itself. @throws HeadwayError SHUTTING_DOWN */
  assertAccepting(): void

  /** An absolute URL of a path that starts with `/`: below the public URL, or as the client reached the server. */
  publicUrl(c: ServerContext, path: string): string

  /**
   * Creates a job as a request asks, with its `Idempotency-Key` header, and gives its token. A repetition gives the job that is there,
   * but only to whoever sent the same key or presents that job's token.
   *
   * @throws HeadwayError UNKNOWN_JOB_TYPE, VALIDATION_ERROR, JOB_EXISTS, IDEMPOTENCY_MISMATCH, SHUTTING_DOWN
   */
  createJob(c: ServerContext, principal: Principal, type: string, input: unknown, options?: CreateJobOptions): Promise<CreatedByRequest>
  /**
   * Whether there is a job under the request's `Idempotency-Key`, so that `createJob` makes none.
   *
   * @throws HeadwayError VALIDATION_ERROR
   */
  isRepetition(c: ServerContext, principal: Principal): Promise<boolean>
  /**
   * Creates a job like a finished one, in the same way.
   *
   * @throws HeadwayError JOB_NOT_FOUND, JOB_NOT_FINISHED, UNKNOWN_JOB_TYPE, VALIDATION_ERROR, SHUTTING_DOWN
   */
  retryJob(c: ServerContext, principal: Principal, job: StoredJob): Promise<CreatedByRequest>
  /**
   * `Prefer: wait=N` (RFC 7240): waits up to N seconds for the job's end and says so in `Preference-Applied`. Without that preference it
   * gives the job back at once. `isTerminal(job.status)` tells what came of it.
   */
  waitIfPreferred(c: ServerContext, job: StoredJob): Promise<StoredJob>

  /**
   * Streams a job's log as SSE from the request's cursor (`Last-Event-ID`, else `?after=`), straight to Node's response.
   *
   * @throws HeadwayError INVALID_CURSOR
   */
  streamLog(c: ServerContext, job: StoredJob, dialect: Dialect, options?: StreamLogOptions): Promise<Response>

  /**
   * The body as JSON that fits the schema; read with its limit kept while reading.
   *
   * @throws HeadwayError INVALID_JSON, VALIDATION_ERROR (`fields` with JSON pointers), BODY_TOO_LARGE, UNSUPPORTED_MEDIA_TYPE
   */
  readJson<Schema extends z.ZodType>(c: ServerContext, schema: Schema, options?: ReadBodyOptions): Promise<z.output<Schema>>
  /** Query parameters that fit the schema; a repeated one is an error. @throws HeadwayError VALIDATION_ERROR */
  readQuery<Schema extends z.ZodType>(c: ServerContext, schema: Schema): z.output<Schema>

  /** Parameters of the path, by the names in its template, that fit the schema. @throws HeadwayError VALIDATION_ERROR */
  readParams<Schema extends z.ZodType>(c: ServerContext, schema: Schema): z.output<Schema>

  /** A problem document (RFC 9457) for an error. */
  problem(error: HeadwayError, c: ServerContext): Response
  /**
   * Middleware that counts requests per address under one of the server's named limits (`ServerOptions.limits`).
   *
   * @param part what else is counted apart: each text that it gives has the whole limit. It must be short
   */
  rateLimit(name: string, part?: (c: ServerContext) => string): MiddlewareHandler<ServerEnv>
  /** The same where there is no context, as for WebSocket messages. @throws HeadwayError RATE_LIMIT_EXCEEDED */
  consume(limit: string, ip: string): Promise<void>
}
