import { ERROR_CODES } from '@headway/protocol'
import type { Problem } from '@headway/protocol'
import type { HeadwayError } from '@headway/core'

export const PROBLEM_CONTENT_TYPE = 'application/problem+json'

/** Where a code is described; also the `type` of its problem documents. A path, as RFC 9457 allows, so that it is the same on every host. */
export function problemType(code: string): string {
  return `/problems/${code}`
}

/** The problem document (RFC 9457) of an error. */
export function problemOf(error: HeadwayError, requestId: string | undefined): Problem {
  const { status, title } = ERROR_CODES[error.code]
  return {
    type: problemType(error.code),
    title,
    status,
    code: error.code,
    detail: error.message,
    ...(error.fields === undefined ? {} : { errors: [...error.fields] }),
    ...(requestId === undefined ? {} : { requestId }),
    ...(error.retryAfterSeconds === undefined ? {} : { retryAfterSeconds: error.retryAfterSeconds }),
    ...(error.details === undefined ? {} : { details: error.details }),
  }
}

/** Header fields that belong to an error whatever its body looks like. */
export function errorHeaders(error: HeadwayError): Record<string, string> {
  const { status } = ERROR_CODES[error.code]
  return {
    ...(status === 401 ? { 'WWW-Authenticate': authenticateChallenge(error) } : {}),
    ...(error.retryAfterSeconds === undefined ? {} : { 'Retry-After': String(Math.ceil(error.retryAfterSeconds)) }),
  }
}

/** RFC 6750: an expired or bad token is told apart from none at all. */
function authenticateChallenge(error: HeadwayError): string {
  const challenge = 'Bearer realm="headway"'
  return error.code === 'TOKEN_EXPIRED' ? `${challenge}, error="invalid_token", error_description="The token has expired"` : challenge
}
