/** Limits and times of delivery. Each has a default in `DELIVERY_DEFAULTS`. */
export interface DeliverySettings {
  /** After so much silence a heartbeat goes out, in milliseconds. */
  readonly heartbeatMs: number
  /** How often silence is looked for, in milliseconds: heartbeats and idle limits come at most so much early. */
  readonly tickMs: number
  /** What `retry:` says at the start of an SSE stream: after how many milliseconds a client comes back. */
  readonly retryMs: number
  /** Between these, at random, lies the `retry:` of a stream that the server ends before its time, so that not all come back at once. */
  readonly comebackMs: { readonly min: number; readonly max: number }
  /** How many streams, sockets and waiting polls may be open at a time. */
  readonly maxWatchers: number
  /** How many jobs one socket may watch at a time. */
  readonly maxSocketJobs: number
  /** How many jobs one `POST /follow` may follow. */
  readonly maxFollowJobs: number
  /** A socket of `/ws` that watches no job and says nothing for so long is closed with 4408, in milliseconds. */
  readonly socketIdleMs: number
  /** A socket of `/ws` that came without a credential is closed with 4408 unless it has attached a job by then, in milliseconds. */
  readonly socketAttachMs: number
  /** What `Retry-After` says to a poll that found nothing, in seconds. */
  readonly pollHintSeconds: number
}

export const DELIVERY_DEFAULTS: DeliverySettings = {
  heartbeatMs: 30_000,
  tickMs: 1_000,
  retryMs: 2_000,
  comebackMs: { min: 1_000, max: 5_000 },
  maxWatchers: 20_000,
  maxSocketJobs: 100,
  maxFollowJobs: 100,
  socketIdleMs: 60_000,
  socketAttachMs: 10_000,
  pollHintSeconds: 2,
}

/** The most bytes that are written at once for one watcher, unless one event alone is larger. */
export const MAX_CHUNK_BYTES = 32 * 1024

/** A time to come back after, at random between the two that the settings name, in whole milliseconds. */
export function comebackMs(settings: Pick<DeliverySettings, 'comebackMs'>): number {
  const { min, max } = settings.comebackMs
  return Math.round(min + Math.random() * (max - min))
}
