import CachePolicy from 'http-cache-semantics'

/** The headers of an answer that say how long it may be used and how to ask whether it changed. */
export type CacheHeaders = Readonly<Record<string, string>>

const KEPT = ['age', 'cache-control', 'date', 'etag', 'expires', 'last-modified', 'pragma', 'vary']

/** Picks what the cache keeps of an answer's headers: nothing that could be a secret, such as a cookie. */
export function cacheHeaders(headers: Readonly<Record<string, string | string[] | undefined>>): CacheHeaders {
  return Object.fromEntries(
    KEPT.flatMap((name) => {
      const value = headers[name]
      return value === undefined ? [] : [[name, Array.isArray(value) ? value.join(', ') : value]]
    }),
  )
}

/** Whether an answer may be kept, and how long it is fresh, in milliseconds. */
export interface Freshness {
  readonly storable: boolean
  readonly freshMs: number
}

/**
 * What RFC 9111 says of an answer with status 200, for a private cache. Only an explicit lifetime counts (`max-age`, `Expires`); without one
 * the server is asked each time whether its content changed, because a list that is out of date lets through what it should block.
 *
 * @param headers lower-case names
 * @param maxFreshMs no server may have its answer used unasked for longer than this
 */
export function freshnessOf(headers: CacheHeaders, maxFreshMs: number): Freshness {
  const policy = new CachePolicy(
    { method: 'GET', headers: {} },
    { status: 200, headers: { ...headers } },
    { shared: false, cacheHeuristic: 0 },
  )
  const freshMs = Math.max(0, (policy.maxAge() - policy.age()) * 1000)
  return { storable: policy.storable(), freshMs: Math.min(maxFreshMs, freshMs) }
}

/** The headers that ask for the content only if it is not the one we have. */
export function conditionalHeaders(headers: CacheHeaders): Record<string, string> {
  const [etag, lastModified] = [sendable(headers['etag']), sendable(headers['last-modified'])]
  return {
    ...(etag === undefined ? {} : { 'if-none-match': etag }),
    ...(lastModified === undefined ? {} : { 'if-modified-since': lastModified }),
  }
}

/** What a server sent and no request may carry is not sent back: its content is asked for as if it were not known. */
function sendable(value: string | undefined): string | undefined {
  return value !== undefined && /^[\x20-\x7e]*$/.test(value) ? value : undefined
}
