import type { MiddlewareHandler } from 'hono'
import { matchedRoutes } from 'hono/route'
import type { ClientInfo, ServerEnv } from '../context.js'
import type { RequestMetrics } from '../system/request-metrics.js'
import { redactUrl } from './redact.js'

/** Paths that are asked all the time and say little: logged only at level `debug`. */
const QUIET = /^\/(health|metrics)(\/|$)/

/** Logs and measures each request when its answer has ended or its client is gone. */
export function requestLog(metrics: RequestMetrics): MiddlewareHandler<ServerEnv> {
  return (c, next) => {
    // The template, not the path: a metric for each job would never end.
    const route = matchedRoutes(c).findLast((matched) => matched.method !== 'ALL')?.path ?? 'unmatched'
    const level = QUIET.test(c.req.path) ? 'debug' : 'info'
    observeEnd(c.env, c.var.client, metrics, route, level)
    return next()
  }
}

/** Holds on to no more than it needs: the answer may be a stream that goes on for hours, and there are thousands of them. */
function observeEnd(
  { incoming, outgoing }: ServerEnv['Bindings'],
  client: ClientInfo,
  metrics: RequestMetrics,
  route: string,
  level: 'debug' | 'info',
): void {
  const begun = performance.now()
  outgoing.once('close', () => {
    const durationMs = Math.round((performance.now() - begun) * 10) / 10
    const method = incoming.method ?? ''
    metrics.observe(method, route, outgoing.statusCode, durationMs / 1000)
    const line = {
      method,
      url: redactUrl(incoming.url ?? ''),
      route,
      status: outgoing.statusCode,
      durationMs,
      ip: client.ip,
      ...(outgoing.writableFinished ? {} : { aborted: true }),
    }
    client.log[level](line, 'request')
  })
}
