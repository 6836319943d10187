import { z } from 'zod'
import { jsonSchema } from './json.js'

/**
 * Every error code of the native API with its HTTP status and title. Codes are stable: clients may
 * compare them. What to do about it is said in `detail` where the error is made.
 */
export const ERROR_CODES = {
  BAD_REQUEST: { status: 400, title: 'The request is not valid HTTP' },
  INVALID_JSON: { status: 400, title: 'The body is not valid JSON' },
  VALIDATION_ERROR: { status: 400, title: 'The request does not fit its schema' },
  MISSING_ISBN: { status: 400, title: 'No ISBN was given' },
  EMPTY_FILE: { status: 400, title: 'The file is empty' },
  INVALID_CURSOR: { status: 400, title: 'The cursor is not valid' },
  UNAUTHORIZED: { status: 401, title: 'No valid key or token' },
  TOKEN_EXPIRED: { status: 401, title: 'The token has expired' },
  FORBIDDEN: { status: 403, title: 'The key or token does not allow this' },
  IP_NOT_ALLOWED: { status: 403, title: 'This address is not on the allow list' },
  NOT_FOUND: { status: 404, title: 'There is nothing at this address' },
  JOB_NOT_FOUND: { status: 404, title: 'There is no such job' },
  UNKNOWN_JOB_TYPE: { status: 404, title: 'There is no such job type' },
  METHOD_NOT_ALLOWED: { status: 405, title: 'The method is not allowed here' },
  NOT_ACCEPTABLE: { status: 406, title: 'None of the accepted types can be made' },
  REQUEST_TIMEOUT: { status: 408, title: 'The request did not arrive in time' },
  JOB_EXISTS: { status: 409, title: 'A job with this id or key exists already' },
  IDEMPOTENCY_MISMATCH: { status: 409, title: 'The Idempotency-Key was used with another request' },
  JOB_FINISHED: { status: 409, title: 'The job is over' },
  JOB_NOT_FINISHED: { status: 409, title: 'The job is not over yet' },
  JOB_NOT_COMPLETED: { status: 409, title: 'The job is over without a result' },
  NOT_PAUSABLE: { status: 409, title: 'Jobs of this type can not pause' },
  BODY_TOO_LARGE: { status: 413, title: 'The body is too large' },
  EVENT_TOO_LARGE: { status: 413, title: 'The event is too large' },
  UNSUPPORTED_MEDIA_TYPE: { status: 415, title: 'The body is of a type that is not understood' },
  EXPECTATION_FAILED: { status: 417, title: 'What the request expects can not be done' },
  UPGRADE_REQUIRED: { status: 426, title: 'This address speaks WebSocket' },
  RATE_LIMIT_EXCEEDED: { status: 429, title: 'Too many requests' },
  TOO_MANY_OPEN: { status: 429, title: 'Too much of this client is under way' },
  HEADERS_TOO_LARGE: { status: 431, title: 'The header fields are too large' },
  INTERNAL_ERROR: { status: 500, title: 'Something went wrong on the server' },
  API_ERROR: { status: 502, title: 'Another service gave no usable answer' },
  CIRCUIT_OPEN: { status: 503, title: 'Another service is left alone for a while' },
  OVERLOADED: { status: 503, title: 'The server has too much to do' },
  SHUTTING_DOWN: { status: 503, title: 'The server is stopping' },
  STORE_UNAVAILABLE: { status: 503, title: 'The store can not be used' },
} as const
export type ErrorCode = keyof typeof ERROR_CODES

/** A problem document (RFC 9457) with Headway's stable `code`. */
export const problemSchema = z.object({
  type: z.string().describe('Where the code is explained'),
  title: z.string().describe('What the code means'),
  status: z.int().describe('The HTTP status'),
  code: z.string().describe('Stable, for programs'),
  detail: z.string().optional().describe('What is wrong here and what to do about it'),
  instance: z.string().optional(),
  errors: z
    .array(z.object({ pointer: z.string(), message: z.string() }))
    .optional()
    .describe('Which fields are wrong, as JSON pointers (RFC 6901)'),
  requestId: z.string().optional().describe('Also in the log of the server'),
  retryAfterSeconds: z.number().optional().describe('When another try makes sense'),
  details: jsonSchema.optional(),
})
export type Problem = z.infer<typeof problemSchema>
export type FieldError = NonNullable<Problem['errors']>[number]
