import type { Problem } from '@headway/protocol'
import type { JobFailure } from './types.js'

/** What is known of an error beside its code and text. */
export interface ErrorDetails {
  /** The HTTP status, where an answer had one. */
  readonly status?: number | undefined
  /** The problem document, where the answer was one. */
  readonly problem?: Problem | undefined
  /** How long the server asks to wait before another try, in milliseconds. */
  readonly retryAfterMs?: number | undefined
  readonly cause?: unknown
}

/** Something that was asked of the server did not go well. `code` is stable and for programs, `message` is for people. */
export class HeadwayClientError extends Error {
  override readonly name = 'HeadwayClientError'
  readonly code: string
  declare readonly status: number | undefined
  declare readonly problem: Problem | undefined
  declare readonly retryAfterMs: number | undefined

  constructor(code: string, message: string, { cause, ...details }: ErrorDetails = {}) {
    super(message, { cause })
    this.code = code
    Object.assign(this, details)
  }
}

/** A job that was waited for failed or was cancelled. */
export class JobFailedError extends Error {
  override readonly name = 'JobFailedError'
  readonly failure: JobFailure

  constructor(failure: JobFailure) {
    super(failure.error?.message ?? failure.reason ?? `The job ${failure.status === 'failed' ? 'failed' : 'was cancelled'}.`)
    this.failure = failure
  }
}

/** A connection that is there, but says nothing. */
export function silent(): HeadwayClientError {
  return new HeadwayClientError('SILENT', 'The server says nothing any more.')
}

/** How an answer of any dialect says what is wrong: problem documents, envelopes, and the plain form of the filters. */
interface ErrorBody {
  readonly code?: string
  readonly detail?: string
  readonly title?: string
  readonly error?: string | { readonly code?: string; readonly message?: string }
}

/** The longest pause that an answer may ask for, in milliseconds. */
const LONGEST_RETRY_AFTER_MS = 300_000

/** The error that an answer other than 2xx stands for. */
export async function errorOfAnswer(response: Response): Promise<HeadwayClientError> {
  const { status } = response
  const body = ((await response.json().catch(() => null)) ?? {}) as ErrorBody
  const { error } = body
  const inner = error && typeof error === 'object' ? error : { message: error || undefined }
  const seconds = Number(response.headers.get('retry-after'))
  return new HeadwayClientError(
    body.code ?? (inner as { code?: string }).code ?? `HTTP_${status}`,
    body.detail ?? inner.message ?? body.title ?? `The server answered ${status}.`,
    {
      status,
      problem: body.title === undefined ? undefined : (body as Problem),
      retryAfterMs: seconds > 0 ? Math.min(seconds * 1000, LONGEST_RETRY_AFTER_MS) : undefined,
    },
  )
}

/** Whether the same request would be refused again. */
export function isRefusal(status: number | undefined): boolean {
  return status !== undefined && status >= 400 && status < 500 && status !== 408 && status !== 425 && status !== 429
}
