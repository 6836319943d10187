import type { ServerContext } from '../context.js'

/** How much the wait is spread, so that all who were sent away do not come back at once. */
const SPREAD = 0.5

/** A stream that says only when to come back. An EventSource does so by itself; after another status than 200 it never would. */
export function busyStream(c: ServerContext, retryMs: number): Response {
  const jittered = Math.round(retryMs * (1 + Math.random() * SPREAD))
  return c.body(`retry: ${jittered}\n: come back later\n\n`, 200, {
    'Content-Type': 'text/event-stream',
    'Cache-Control': 'no-cache, no-transform',
    'X-Accel-Buffering': 'no',
  })
}
