import type { MiddlewareHandler } from 'hono'
import { setAnswerHeader } from '../answer-headers.js'
import type { ServerContext, ServerEnv } from '../context.js'
import { wantsEventStream } from '../negotiate.js'
import { busyStream } from '../streams/busy-stream.js'
import { limitExceeded } from './limits.js'
import type { Limits, LimitState } from './limits.js'

/**
 * Middleware that counts requests under a limit and says where the caller stands (`RateLimit` and `RateLimit-Policy`, as in the draft
 * draft-ietf-httpapi-ratelimit-headers-10). An EventSource over the limit is told to come back later by a stream that ends: any other status
 * than 200 would stop it for good.
 *
 * @param part see `ServerKit.rateLimit`
 */
export function rateLimit(limits: Limits, name: string, part?: (c: ServerContext) => string): MiddlewareHandler<ServerEnv> {
  return async (c, next) => {
    const state = await limits.consume(name, c.var.client.ip, { part: part?.(c) })
    if (state !== undefined) {
      setLimitHeaders(c, state)
      if (state.exceeded) {
        if (wantsEventStream(c)) return busyStream(c, state.resetSeconds * 1000)
        throw limitExceeded(state)
      }
    }
    return next()
  }
}

function setLimitHeaders(c: ServerContext, state: LimitState): void {
  setAnswerHeader(c, 'RateLimit-Policy', `"${state.name}";q=${state.limit.requests};w=${state.limit.windowSeconds}`)
  setAnswerHeader(c, 'RateLimit', `"${state.name}";r=${state.remaining};t=${state.resetSeconds}`)
}
