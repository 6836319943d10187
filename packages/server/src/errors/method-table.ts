import { TrieRouter } from 'hono/router/trie-router'
import type { ServerApp } from '../context.js'

/** Which methods a path knows, for `Allow`. */
export interface MethodTable {
  /** In upper case; empty when no route has this path. */
  allowed(path: string): readonly string[]
}

/** Reads the routes of an app whose routes are all mounted. */
export function methodTable(app: ServerApp): MethodTable {
  const router = new TrieRouter<string>()
  const methods = new Set<string>()
  for (const { method, path } of app.routes) {
    // Middleware is registered for all methods: it is not a route.
    if (method === 'ALL') continue
    methods.add(method)
    router.add(method, path, method)
  }
  return {
    allowed(path) {
      const known = [...methods].filter((method) => router.match(method, path)[0].length > 0)
      if (known.length === 0) return []
      return [...new Set([...known, ...(known.includes('GET') ? ['HEAD'] : []), 'OPTIONS'])].toSorted()
    },
  }
}
