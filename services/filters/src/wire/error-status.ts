/** The HTTP statuses of compilations that failed. */
export type ErrorStatus = 400 | 409 | 422 | 500 | 502 | 504

const STATUSES: Readonly<Record<string, ErrorStatus>> = {
  INVALID_CONFIGURATION: 400,
  CANCELLED: 409,
  INTERNAL_ERROR: 500,
  THREAD_CRASHED: 500,
  THREAD_ENDED: 500,
  SOURCE_TIMEOUT: 504,
  SOURCE_BAD_ANSWER: 502,
  SOURCE_CORRUPT: 502,
  SOURCE_FAILED: 502,
  SOURCE_HTTP_STATUS: 502,
  SOURCE_UNREACHABLE: 502,
  SOURCE_INCOMPLETE: 502,
  SOURCE_NOT_TEXT: 502,
  BREAKER_OPEN: 502,
  TOO_MANY_REDIRECTS: 502,
  UNSUPPORTED_ENCODING: 502,
}

/**
 * The HTTP status of a failure: 502 and 504 where another server is the cause, 500 where this one is (the engine's own codes are in lower case), else
 * 422: what was asked for can't be done.
 */
export function errorStatus(code: string): ErrorStatus {
  return STATUSES[code] ?? (/^[a-z_]+$/.test(code) ? 500 : 422)
}
