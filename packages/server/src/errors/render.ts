import type { HeadwayError } from '@headway/core'
import { ERROR_CODES } from '@headway/protocol'
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import { setAnswerHeader } from '../answer-headers.js'
import type { ServerContext } from '../context.js'
import type { Service } from '../service.js'
import { toHeadwayError } from './normalize.js'
import { errorHeaders, PROBLEM_CONTENT_TYPE, problemOf } from './problem.js'

/** A problem document as an answer. */
export function problemResponse(error: HeadwayError, c: ServerContext): Response {
  const status: ContentfulStatusCode = ERROR_CODES[error.code].status
  return c.body(JSON.stringify(problemOf(error, c.var.client?.requestId)), status, { 'Content-Type': PROBLEM_CONTENT_TYPE })
}

/** Renders whatever was thrown: under a service's paths as that service shows errors, else as a problem document. */
export function errorRenderer(services: readonly Service[]): (thrown: unknown, c: ServerContext) => Response {
  const renderers = services
    .flatMap((service) => service.paths.map((path) => ({ path, service })))
    // Who names a longer path means it more precisely.
    .toSorted((a, b) => b.path.length - a.path.length)
  return (thrown, c) => {
    const error = toHeadwayError(thrown)
    if (error.code === 'INTERNAL_ERROR' || error.code === 'STORE_UNAVAILABLE') {
      c.var.client?.log.error({ err: error.cause ?? error }, 'a request failed')
    }
    for (const [name, value] of Object.entries(errorHeaders(error))) setAnswerHeader(c, name, value)
    const { path } = c.req
    const owner = renderers.find((renderer) => path === renderer.path || path.startsWith(`${renderer.path}/`))?.service
    return owner?.renderError?.(error, c) ?? problemResponse(error, c)
  }
}
