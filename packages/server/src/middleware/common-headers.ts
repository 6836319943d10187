import type { MiddlewareHandler } from 'hono'
import type { ClientInfo, ServerEnv } from '../context.js'

/**
 * Says who asks, for everything that comes after, and sets the header fields that every answer has. They are set on Node's own response,
 * because streams are written there directly; an answer's own fields win over these.
 */
export function commonHeaders(clientOf: (env: ServerEnv['Bindings']) => ClientInfo, draining: AbortSignal): MiddlewareHandler<ServerEnv> {
  return (c, next) => {
    const client = clientOf(c.env)
    c.set('client', client)
    const { outgoing } = c.env
    outgoing.setHeader('X-Request-Id', client.requestId)
    outgoing.setHeader('X-Content-Type-Options', 'nosniff')
    // No page gets to know a URL of ours: a ticket may be in it.
    outgoing.setHeader('Referrer-Policy', 'no-referrer')
    outgoing.setHeader('X-Frame-Options', 'DENY')
    outgoing.setHeader('Content-Security-Policy', "default-src 'none'; frame-ancestors 'none'")
    outgoing.setHeader('Cross-Origin-Resource-Policy', 'same-origin')
    outgoing.setHeader('Cache-Control', 'no-store')
    // A connection that is kept would keep the server from its end.
    if (draining.aborted) outgoing.setHeader('Connection', 'close')
    return next()
  }
}
