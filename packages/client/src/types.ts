import type { CreatedJob, Job, JobError, JobId, JobPage, JobStatus, Json, Seq } from '@headway/protocol'
import type { FollowedEvent, OwnEvents } from './events.js'

export type * from './events.js'

/** The ways to follow a job. `auto` begins with SSE, goes on with WebSocket and then with long polling where one can not be had. */
export type Transport = 'sse' | 'websocket' | 'poll'
export type TransportChoice = 'auto' | Transport

/**
 * The state of a connection: `connecting` until the first answer, `live` while the server is heard, `reconnecting` while it is not,
 * `closed` when nothing more is asked of it.
 */
export type ConnectionState = 'connecting' | 'live' | 'reconnecting' | 'closed'

/** A key or token, or where to get it. `expired` is true when the last one was refused as expired: get a fresh one. */
export type Credential = string | ((why: { readonly expired: boolean }) => string | Promise<string>)

/** What {@link createClient} takes. */
export interface ClientOptions {
  /** Where the server is: `https://headway.example.com`, with a path where it is behind one. */
  readonly baseUrl: string
  /** An API key: for servers and for people at a dashboard, never in a page that anybody can load. */
  readonly apiKey?: Credential
  /** The token of a job, for a page that only watches (and cancels) that one. */
  readonly token?: Credential
  /** Takes the place of the global `fetch`. */
  readonly fetch?: typeof fetch
  /** Takes the place of the global `WebSocket`; Node 20 has none, so that WebSocket is left out there unless one is given (of `ws`, say). */
  readonly WebSocket?: typeof WebSocket
  /** `auto` by default. */
  readonly transport?: TransportChoice
  /**
   * Whether all tabs of a browser that have the same credential share one connection. True by default, where the browser has Web Locks and
   * BroadcastChannel. Where each tab gets a token of its own: a name that those share who may see the same, such as the user's id.
   */
  readonly shareTabs?: boolean | string
}

export interface CreateOptions {
  /** The job's id, where the client chooses it: a UUID. */
  readonly id?: JobId
  /** The same key makes one job, however often it is asked for. A fresh one by default, so that a creation can be tried again safely. */
  readonly idempotencyKey?: string
  readonly priority?: number
  readonly runAt?: Date
  readonly signal?: AbortSignal
}

export interface JobListQuery {
  readonly type?: string | readonly string[]
  readonly status?: JobStatus | readonly JobStatus[]
  readonly text?: string
  readonly createdAfter?: Date
  readonly createdBefore?: Date
  readonly limit?: number
  readonly cursor?: string
}

export interface FollowOptions {
  /** The cursor: the last seq that is known already. 0, the default, for all. */
  readonly after?: Seq
  /** Ends the following, without an error. */
  readonly signal?: AbortSignal
  /** The job's token, where the client has no credential that covers it. The client remembers those of the jobs that it created. */
  readonly token?: string
  /** The client's by default. */
  readonly transport?: TransportChoice
}

/**
 * A job that is being followed. It is an async iterable that ends after the job's terminal event; a reader that is slow is only late: at
 * most a bounded number of events is held for it, and the rest is read again from the server.
 */
export interface Follow<Own extends OwnEvents = {}> extends AsyncIterable<FollowedEvent<Own>> {
  readonly state: ConnectionState
  /** The seq of the last event that was handed out. */
  readonly cursor: Seq
  /** Called at each change of `state`. @returns what ends it */
  onState(listener: (state: ConnectionState) => void): () => void
  /**
   * The same events as batches, as they come in: for whoever shows them, instead of iterating. Each batch is handed out once, in order;
   * `ended` is called after the terminal event, or with the error that ended the following; not for `close()`, `signal` and the client's `close()`.
   *
   * @returns what ends this subscription; the following goes on until `close()`
   */
  subscribe(listener: (events: readonly FollowedEvent<Own>[]) => void, ended?: (error?: Error) => void): () => void
  /** Stops following. */
  close(): void
}

/** Jobs that were created, changed or removed; `more`: so were others. */
export interface ListChange {
  readonly jobIds: readonly JobId[]
  readonly more: boolean
}

/** The jobs of a server. Methods that ask the server reject with a {@link HeadwayClientError}. */
export interface Jobs {
  create(type: string, input?: Json, options?: CreateOptions): Promise<CreatedJob>
  get(id: JobId, options?: { readonly signal?: AbortSignal; readonly token?: string }): Promise<Job>
  list(query?: JobListQuery, options?: { readonly signal?: AbortSignal }): Promise<JobPage>
  cancel(id: JobId, reason?: string, options?: { readonly token?: string }): Promise<Job>
  pause(id: JobId, reason?: string, options?: { readonly token?: string }): Promise<Job>
  resume(id: JobId, reason?: string, options?: { readonly token?: string }): Promise<Job>
  /** Runs a finished job again, as a new one. */
  retry(id: JobId): Promise<CreatedJob>
  /** Follows a job's log from a cursor. Nothing is asked of the server before it is iterated or subscribed to. */
  follow<Own extends OwnEvents = {}>(id: JobId, options?: FollowOptions): Follow<Own>
  /** Waits for the end of a job and gives its result. @throws JobFailedError when it failed or was cancelled */
  result(id: JobId, options?: { readonly signal?: AbortSignal; readonly token?: string }): Promise<Json>
  /** Called when jobs have changed, now and then and possibly in vain: fetch the list again. @returns what ends it */
  onChanged(listener: (change: ListChange) => void): () => void
}

/** The connection that all follows of a client share. */
export interface Connection {
  readonly state: ConnectionState
  /** Which transport is in use; undefined while none is. */
  readonly transport: Transport | undefined
  /** Whether this tab holds the connection for the others. */
  readonly leader: boolean
  onChange(listener: () => void): () => void
}

/** Why a job has no result. */
export interface JobFailure {
  readonly status: 'failed' | 'cancelled'
  readonly error?: JobError
  readonly reason?: string
}
