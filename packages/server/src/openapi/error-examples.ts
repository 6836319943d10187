import { ERROR_CODES } from '@headway/protocol'
import type { ErrorCode, Problem } from '@headway/protocol'
import { problemType } from '../errors/problem.js'

/** What an error of each code says, for example. */
const DETAILS: Record<ErrorCode, string> = {
  BAD_REQUEST: 'The URL or the Host of this request is not valid.',
  INVALID_JSON: 'The body is not valid JSON: line 1, column 12.',
  VALIDATION_ERROR: 'The body does not fit: /version: must be a string',
  MISSING_ISBN: 'Say which book: `isbn` is missing.',
  EMPTY_FILE: 'The file is empty; send the CSV export of a library.',
  INVALID_CURSOR: 'A cursor is a whole number, or N.k.',
  UNAUTHORIZED: 'Send an API key in X-API-Key or as a Bearer token.',
  TOKEN_EXPIRED: 'This token has expired.',
  FORBIDDEN: 'This key does not have the role that is needed here.',
  IP_NOT_ALLOWED: 'The address 203.0.113.9 may not use this server.',
  NOT_FOUND: 'There is nothing at this path. /openapi.json lists what there is.',
  JOB_NOT_FOUND: 'There is no job with this id; it may have been pruned.',
  UNKNOWN_JOB_TYPE: 'There is no job type "unknown".',
  METHOD_NOT_ALLOWED: 'This path knows GET, HEAD, OPTIONS.',
  NOT_ACCEPTABLE: 'This can be had as application/json, text/event-stream, application/x-ndjson.',
  REQUEST_TIMEOUT: 'Send the whole request at once.',
  JOB_EXISTS: 'There is a job with this id already.',
  IDEMPOTENCY_MISMATCH: 'This Idempotency-Key was sent with another request before.',
  JOB_FINISHED: 'The job is over: it has the status completed.',
  JOB_NOT_FINISHED: 'Only a job that is over can be tried again.',
  JOB_NOT_COMPLETED: 'The job failed: worker_lost: its worker died.',
  NOT_PAUSABLE: 'Jobs of this type can not pause.',
  BODY_TOO_LARGE: 'The body may have at most 1048576 bytes.',
  EVENT_TOO_LARGE: 'An event may have at most 65536 bytes.',
  UNSUPPORTED_MEDIA_TYPE: 'Send the body as application/json.',
  EXPECTATION_FAILED: 'The header field Expect may only say 100-continue here.',
  UPGRADE_REQUIRED: 'This path takes WebSockets only: connect to it with a WebSocket client.',
  RATE_LIMIT_EXCEEDED: 'At most 600 requests in 60 seconds are allowed here.',
  TOO_MANY_OPEN: 'At most 20 jobs of one address may wait, run or rest at a time. Wait until some are over, or cancel some.',
  HEADERS_TOO_LARGE: 'Send fewer or shorter header fields, or a shorter URL.',
  INTERNAL_ERROR: 'Something went wrong. The log of the server has the details under this requestId.',
  API_ERROR: 'A provider did not answer as a whole within 10 s.',
  CIRCUIT_OPEN: 'A provider failed several times; it is asked again in 30 s.',
  OVERLOADED: 'Too many streams are open; try again in a moment.',
  SHUTTING_DOWN: 'The server is stopping; try again in a moment.',
  STORE_UNAVAILABLE: 'The store does not answer. What was asked for was not done; try again later.',
}

/** What some errors have beside the members that all have. */
const MORE: Partial<Record<ErrorCode, Partial<Problem>>> = {
  VALIDATION_ERROR: { errors: [{ pointer: '/version', message: 'must be a string' }] },
  RATE_LIMIT_EXCEEDED: { retryAfterSeconds: 60, details: { limit: 'api', requests: 600, windowSeconds: 60 } },
  TOO_MANY_OPEN: { details: { open: 20, limit: 20 } },
  SHUTTING_DOWN: { retryAfterSeconds: 5 },
  STORE_UNAVAILABLE: { retryAfterSeconds: 5 },
}

/** A problem document with this code, as a server could answer it. */
export function exampleProblem(code: ErrorCode): Problem {
  const { status, title } = ERROR_CODES[code]
  const requestId = '3f0c9b52-6f0e-4a53-9a3d-0c8f5b7b1d21'
  return { type: problemType(code), title, status, code, detail: DETAILS[code], requestId, ...MORE[code] }
}
