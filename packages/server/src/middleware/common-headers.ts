import type { MiddlewareHandler } from 'hono'
import { setAnswerHeader } from '../answer-headers.js'
import type { ClientInfo, ServerEnv } from '../context.js'

/** What every answer says to browsers, to keep them from harm. */
const SECURITY_HEADERS = {
  'X-Content-Type-Options': 'nosniff',
  // No page gets to know a URL of ours: a ticket may be in it.
  'Referrer-Policy': 'no-referrer',
  'Content-Security-Policy': "default-src 'none'; frame-ancestors 'none'",
  'Cross-Origin-Resource-Policy': 'same-origin',
} as const

/**
 * Says who asks, for everything that comes after, and puts the header fields that are collected on the way on the answer. It must be the
 * first middleware, so that its fields are on errors, too. Streams take the fields themselves.
 */
export function commonHeaders(clientOf: (env: ServerEnv['Bindings']) => ClientInfo, draining: AbortSignal): MiddlewareHandler<ServerEnv> {
  return async (c, next) => {
    const client = clientOf(c.env)
    c.set('client', client)
    c.set('answerHeaders', { 'X-Request-Id': client.requestId, ...SECURITY_HEADERS })
    // A connection that is kept would keep the server from its end.
    if (draining.aborted) setAnswerHeader(c, 'Connection', 'close')
    await next()
    if (c.env.outgoing.headersSent) return
    const { headers } = c.res
    for (const [name, value] of Object.entries(c.var.answerHeaders)) if (!headers.has(name)) headers.set(name, value)
    if (!headers.has('Cache-Control')) headers.set('Cache-Control', 'no-store')
  }
}
