import type { HeadwayError } from '@headway/core'
import { problemOf } from '@headway/server'
import type { ServerContext } from '@headway/server'
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import { PROBLEM_CONTENT_TYPE } from './schemas.js'

/** An error as this service shows it: a problem document (RFC 9457), with `success: false`. */
export function renderTaskError(error: HeadwayError, c: ServerContext): Response {
  const problem = problemOf(error, c.var.client?.requestId)
  return c.body(JSON.stringify({ success: false, ...problem }), problem.status as ContentfulStatusCode, {
    'Content-Type': PROBLEM_CONTENT_TYPE,
  })
}
