import type { HeadwayError } from '@headway/core'
import { PROBLEM_CONTENT_TYPE, problemOf } from '@headway/server'
import type { ErrorBodyDescription, ServerContext } from '@headway/server'
import type { Problem } from '@headway/protocol'
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import { errorAnswerSchema, oldErrorAnswerSchema } from './envelope.js'
import type { ErrorAnswer } from './envelope.js'
import { isV3 } from './paths.js'

/** What this contract calls errors that have other names elsewhere. */
const CODES: Readonly<Record<string, string>> = {
  BODY_TOO_LARGE: 'FILE_TOO_LARGE',
  INVALID_JSON: 'VALIDATION_ERROR',
  TOKEN_EXPIRED: 'UNAUTHORIZED',
  JOB_NOT_FOUND: 'NOT_FOUND',
  JOB_ERROR: 'INTERNAL_ERROR',
}

/** Statuses after which the same request may succeed. */
const RETRYABLE: ReadonlySet<number> = new Set([408, 429, 502, 503, 504])

/** An error as this service shows it: the envelope, which V3 calls a problem document. */
export function renderBooksError(error: HeadwayError, c: ServerContext): Response {
  const problem = problemOf(error, undefined)
  const contentType = isV3(c.req.path) ? PROBLEM_CONTENT_TYPE : 'application/json'
  // Of a body that was refused half way the rest is not read: the connection can't be used again.
  const close = c.env.incoming.complete ? {} : { Connection: 'close' }
  return c.body(JSON.stringify(bodyOf(problem)), problem.status as ContentfulStatusCode, { 'Content-Type': contentType, ...close })
}

/** How errors look in the API descriptions. */
export function errorBody(path: string): ErrorBodyDescription {
  return isV3(path)
    ? { contentType: PROBLEM_CONTENT_TYPE, schema: errorAnswerSchema, example: bodyOf }
    : { contentType: 'application/json', schema: oldErrorAnswerSchema, example: bodyOf }
}

/** The name that this contract has for a code. */
export function shownCode(code: string): string {
  return CODES[code] ?? code
}

function bodyOf({ code, detail, title, status, errors, retryAfterSeconds }: Problem): ErrorAnswer {
  return {
    success: false,
    error: {
      code: shownCode(code),
      message: detail ?? title,
      retryable: RETRYABLE.has(status),
      statusCode: status,
      ...(retryAfterSeconds !== undefined && { retryAfterMs: Math.ceil(retryAfterSeconds * 1000) }),
      ...(errors !== undefined && { fields: errors }),
    },
  }
}
