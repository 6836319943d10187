import type { Engine } from '@headway/core'
import { createServer } from '@headway/server'
import type { Server, ServerOptions, Service } from '@headway/server'

/** The API keys of a test server, by the role of who has them. */
export const KEYS = {
  admin: 'admin-key-0123456789abcdef0123456789',
  run: 'run-key-0123456789abcdef012345678901',
  read: 'read-key-0123456789abcdef01234567890',
}
export type Role = keyof typeof KEYS

/** A server of one service at any free port of this machine, with {@link KEYS}; no address is limited. */
export function createTestServer(engine: Engine, service: Service, options: Partial<ServerOptions> = {}): Server {
  const apiKeys = Object.entries(KEYS).map(([role, key]) => ({ name: role, key, roles: [role as Role] }))
  return createServer({ engine, services: [service], version: '0.0.0-test', port: 0, apiKeys, limits: { api: false }, ...options })
}

export interface AskOptions {
  /** Absent or null: without a key. */
  readonly key?: Role | null
  /** Of a job. */
  readonly token?: string
  /** The body; a text is sent as it is. */
  readonly json?: unknown
  /** POST by default where there is a body, else GET. */
  readonly method?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly signal?: AbortSignal
}

/** A request to a test server, as `fetch` takes it. */
export function requestOf({ key, token, json, method, headers, signal }: AskOptions): RequestInit {
  return {
    method: method ?? (json === undefined ? 'GET' : 'POST'),
    headers: {
      ...(key && { 'X-API-Key': KEYS[key] }),
      ...(token !== undefined && { Authorization: `Bearer ${token}` }),
      ...(json !== undefined && { 'Content-Type': 'application/json' }),
      ...headers,
    },
    ...(json !== undefined && { body: typeof json === 'string' ? json : JSON.stringify(json) }),
    ...(signal && { signal }),
  }
}
