import type { Clock, Engine } from '@headway/core'
import type { Logger } from 'pino'
import type { ApiKeyOptions } from './auth/api-keys.js'
import type { DeliverySettings } from './delivery/settings.js'
import type { RateLimit } from './limits/limiter.js'
import type { Access } from './kit.js'
import type { Service } from './service.js'

/** Everything that can be set of a server. What is absent has the value in `SERVER_DEFAULTS`. */
export interface ServerOptions {
  /** Opened and closed by whoever made it. */
  readonly engine: Engine
  readonly services?: readonly Service[]
  /** Of Headway, for /health and the API description. */
  readonly version: string
  /** Absent: nothing is logged. */
  readonly log?: Logger
  readonly clock?: Clock

  /**
   * Pages for people, at `/`: a folder with an `index.html` and what it loads in `assets`, as bundlers build it (also packed, as `.br` and
   * `.gz`). It is read once. In `index.html` a nonce for styles takes the place of the text `__CSP_NONCE__`. Absent: a page of links.
   */
  readonly pages?: { readonly folder: string }

  /**
   * Whether the API is served. False for a node that runs jobs and nothing else: it answers only health and metrics. Services are started all
   * the same, for their jobs.
   */
  readonly api?: boolean
  /** The address to listen at. */
  readonly host?: string
  /** 0: any free one. */
  readonly port?: number
  /** The base of absolute URLs, where clients reach the server by another name than their `Host` header says. */
  readonly publicUrl?: string

  readonly apiKeys?: readonly ApiKeyOptions[]
  /** Addresses and CIDR ranges that may ask anything at all; empty: all. */
  readonly ipAllow?: readonly string[]
  /** Addresses and CIDR ranges of proxies whose X-Forwarded headers count; also `loopback` and `private`. */
  readonly trustProxy?: readonly string[]
  /** Origins whose pages may use the API; `*` for all, `null` for pages from files. */
  readonly corsOrigins?: readonly string[]
  /** Who may read /metrics. */
  readonly metricsAccess?: Access
  /** Rate limits by name: `api`, `bad-credentials` and those of services; `false` switches one off. */
  readonly limits?: Readonly<Record<string, RateLimit | false>>
  /** Whether other nodes share the engine's store: limits then count what is asked of all of them, and figures are of all. */
  readonly manyNodes?: boolean
  /** How many addresses each limit counts in this process. */
  readonly maxLimitedAddresses?: number

  /** The largest JSON body, in bytes. */
  readonly maxJsonBytes?: number
  /** The most that `Prefer: wait=N` waits, in seconds. */
  readonly maxPreferWaitSeconds?: number
  /** How long a job's token is good, in milliseconds. */
  readonly jobTokenMs?: number
  /** After so long tokens are signed with a new key, in milliseconds. */
  readonly rotateKeysAfterMs?: number

  /** Connections open at a time; more are closed at once. */
  readonly maxConnections?: number
  /** All header fields of a request together, in bytes. */
  readonly maxHeaderBytes?: number
  /** How long a client may take to send its header fields, in milliseconds. */
  readonly headersTimeoutMs?: number
  /** How long a client may take to send a whole request, in milliseconds. It does not count while an answer is streamed. */
  readonly requestTimeoutMs?: number
  /** How long an unused connection is kept, in milliseconds: longer than a proxy in front keeps its own. */
  readonly keepAliveMs?: number
  /** How long `close` waits for requests and streams, in milliseconds. */
  readonly closeGraceMs?: number
  /** How long the store may take to answer a readiness check, in milliseconds. */
  readonly storeCheckMs?: number
  /** How long what a readiness check found is told to whoever asks next, in milliseconds: the check writes to the store. */
  readonly storeCheckKeptMs?: number
  readonly delivery?: Partial<DeliverySettings>
}

const DAY_MS = 24 * 60 * 60_000

export const SERVER_DEFAULTS = {
  api: true,
  host: '127.0.0.1',
  port: 3000,
  ipAllow: [],
  trustProxy: [],
  corsOrigins: [],
  metricsAccess: 'key',
  limits: {
    api: { requests: 600, windowSeconds: 60 },
    'bad-credentials': { requests: 30, windowSeconds: 60 },
  },
  manyNodes: false,
  maxLimitedAddresses: 50_000,
  maxJsonBytes: 1024 * 1024,
  maxPreferWaitSeconds: 600,
  jobTokenMs: DAY_MS,
  rotateKeysAfterMs: 30 * DAY_MS,
  maxConnections: 25_000,
  maxHeaderBytes: 16 * 1024,
  headersTimeoutMs: 15_000,
  requestTimeoutMs: 120_000,
  keepAliveMs: 75_000,
  closeGraceMs: 5_000,
  storeCheckMs: 2_000,
  storeCheckKeptMs: 1_000,
} as const satisfies Partial<ServerOptions>
