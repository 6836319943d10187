import type { ErrorCode, FieldError, Json } from '@headway/protocol'

export interface HeadwayErrorOptions extends ErrorOptions {
  /** Which fields are wrong, as JSON pointers. */
  fields?: readonly FieldError[]
  /** After how many seconds trying again makes sense. */
  retryAfterSeconds?: number
  details?: Json
}

/** An error that a user of the API can meet. `code` is stable; `message` says what is wrong and what to do. */
export class HeadwayError extends Error {
  override readonly name = 'HeadwayError'
  readonly code: ErrorCode
  readonly fields: readonly FieldError[] | undefined
  readonly retryAfterSeconds: number | undefined
  readonly details: Json | undefined

  constructor(code: ErrorCode, message: string, options: HeadwayErrorOptions = {}) {
    super(message, options)
    this.code = code
    this.fields = options.fields
    this.retryAfterSeconds = options.retryAfterSeconds
    this.details = options.details
  }
}

/**
 * Throw this from `run` to fail a job with a code of your own. Any other error becomes `job_error`.
 * `retryable: false` ends the job whatever attempts are left.
 */
export class JobFailure extends Error {
  override readonly name = 'JobFailure'
  readonly code: string
  readonly retryable: boolean
  readonly details: Json | undefined

  constructor(code: string, message: string, options: ErrorOptions & { retryable?: boolean; details?: Json } = {}) {
    super(message, options)
    this.code = code
    this.retryable = options.retryable ?? true
    this.details = options.details
  }
}

/**
 * The store could not do what was asked, and did nothing of it: `full` (no room), `locked` (another server
 * has it), `closed`, `corrupt`, `unavailable` (all else: try again later).
 */
export class StoreError extends Error {
  override readonly name = 'StoreError'
  readonly code: 'full' | 'locked' | 'closed' | 'corrupt' | 'unavailable'

  constructor(code: StoreError['code'], message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}

/** The history after a cursor is not there: see `Reset` in PROTOCOL.md. Reading can go on after `resumeAfter`. */
export class HistoryGoneError extends Error {
  override readonly name = 'HistoryGoneError'
  readonly reason: 'pruned' | 'ahead'
  readonly resumeAfter: number
  readonly head: number

  constructor(reason: 'pruned' | 'ahead', resumeAfter: number, head: number) {
    super(reason === 'pruned' ? 'The history after this cursor was pruned.' : 'The cursor is beyond the end of the log.')
    this.reason = reason
    this.resumeAfter = resumeAfter
    this.head = head
  }
}

/** The worker has no right to append to this job any more: its lease was lost or the job is over. */
export class LeaseLostError extends Error {
  override readonly name = 'LeaseLostError'
  readonly code = 'lease_lost'

  constructor(jobId: string) {
    super(`The lease of job ${jobId} was lost; nothing more can be appended.`)
  }
}
