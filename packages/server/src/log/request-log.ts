import type { MiddlewareHandler } from 'hono'
import { matchedRoutes } from 'hono/route'
import type { ServerEnv } from '../context.js'
import type { RequestMetrics } from '../system/request-metrics.js'
import { redactUrl } from './redact.js'

/** Paths that are asked all the time and say little: logged only at level `debug`. */
const QUIET = /^\/(health|metrics)(\/|$)/

/** Logs and measures each request when its answer has ended or its client is gone. */
export function requestLog(metrics: RequestMetrics): MiddlewareHandler<ServerEnv> {
  return (c, next) => {
    const begun = performance.now()
    const { incoming, outgoing } = c.env
    const { client } = c.var
    outgoing.once('close', () => {
      const durationMs = Math.round((performance.now() - begun) * 10) / 10
      // The template, not the path: a metric for each job would never end.
      const route = matchedRoutes(c).findLast((matched) => matched.method !== 'ALL')?.path ?? 'unmatched'
      metrics.observe(c.req.method, route, outgoing.statusCode, durationMs / 1000)
      const line = {
        method: c.req.method,
        url: redactUrl(incoming.url ?? ''),
        route,
        status: outgoing.statusCode,
        durationMs,
        ip: client.ip,
        ...(outgoing.writableFinished ? {} : { aborted: true }),
      }
      if (QUIET.test(c.req.path)) client.log.debug(line, 'request')
      else client.log.info(line, 'request')
    })
    return next()
  }
}
