import type { MiddlewareHandler } from 'hono'
import { setAnswerHeader, varyBy } from '../answer-headers.js'
import type { ServerEnv } from '../context.js'

/** How long a browser may keep the answer to a preflight, in seconds. */
const PREFLIGHT_SECONDS = 600
const METHODS = 'GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS'
/** What a page may send beside what is always allowed. */
const REQUEST_HEADERS =
  'Accept, Authorization, Content-Type, Idempotency-Key, If-None-Match, Last-Event-ID, Prefer, X-API-Key, X-Request-Id'
/** What a page may read of an answer. */
const ANSWER_HEADERS =
  'ETag, Idempotent-Replayed, Location, Preference-Applied, RateLimit, RateLimit-Policy, Retry-After, X-Cache, X-Job-Token, X-Request-Id'

/** Which pages may use the API: whole origins (`https://app.example`), `null` for pages from files and sandboxes, or `*` for all. */
export interface OriginList {
  allows(origin: string): boolean
}

/** @throws Error that names the entry which is not an origin */
export function originList(entries: readonly string[]): OriginList {
  const origins = new Set(entries.map((entry) => (entry === '*' || entry === 'null' ? entry : checkedOrigin(entry))))
  return { allows: (origin) => origins.has('*') || origins.has(origin) }
}

function checkedOrigin(entry: string): string {
  const origin = URL.canParse(entry) ? new URL(entry).origin : 'null'
  if (origin === 'null' || (entry !== origin && entry !== `${origin}/`)) {
    throw new Error(`"${entry}" is not an origin: give scheme, host and port only, like https://app.example or http://localhost:5173.`)
  }
  return origin
}

/** Cross-origin resource sharing (Fetch standard, 3.2). Keys travel in headers, never in cookies: credentials are not allowed. */
export function cors(origins: OriginList): MiddlewareHandler<ServerEnv> {
  return async (c, next) => {
    varyBy(c, 'Origin')
    const origin = c.req.header('origin')
    if (origin === undefined || !origins.allows(origin)) return next()
    setAnswerHeader(c, 'Access-Control-Allow-Origin', origin)
    setAnswerHeader(c, 'Access-Control-Expose-Headers', ANSWER_HEADERS)
    setAnswerHeader(c, 'Cross-Origin-Resource-Policy', 'cross-origin')
    if (c.req.method !== 'OPTIONS' || c.req.header('access-control-request-method') === undefined) return next()
    return c.body(null, 204, {
      'Access-Control-Allow-Methods': METHODS,
      'Access-Control-Allow-Headers': REQUEST_HEADERS,
      'Access-Control-Max-Age': String(PREFLIGHT_SECONDS),
    })
  }
}
