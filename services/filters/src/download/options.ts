import { systemResolve, type Resolve } from './addresses/resolve.js'
import type { BreakerStore } from '@headway/core/breaker'

/** How a downloader works. Everything has a default but the two folders, and without a folder there is no cache and are no local files. */
export interface DownloaderOptions {
  /** Where the cache is kept. One downloader at a time per folder. */
  readonly folder?: string
  /** Bytes that the cache may take on the disk, metadata included; the least recently used go first. Default 1 GiB. */
  readonly maxCacheBytes?: number
  /** No content is used for longer than this without asking its server, in milliseconds, whatever the server allows. Default one day. */
  readonly maxFreshMs?: number

  /** Requests at a time. Default 64. */
  readonly concurrency?: number
  /** Requests at a time to one host. Default 4. */
  readonly concurrencyPerHost?: number
  /** Requests at a time of one owner (see `DownloadContext`). Default half of `concurrency`. */
  readonly concurrencyPerOwner?: number

  /** Until the connection stands, name look-up and TLS included, in milliseconds. Default 10 s. */
  readonly connectTimeoutMs?: number
  /** From the request until its headers have come, in milliseconds. Default 30 s. */
  readonly headersTimeoutMs?: number
  /** Between two pieces of a body, in milliseconds. Default 30 s. */
  readonly bodyIdleTimeoutMs?: number
  /** For a whole download with redirects, retries and the waiting between them, in milliseconds. Default 5 minutes. */
  readonly totalTimeoutMs?: number

  /** Bytes of a compressed source as they come over the network. Default 64 MiB. */
  readonly maxCompressedBytes?: number
  /** Bytes of a source in full. Default 200 MiB. */
  readonly maxExpandedBytes?: number
  /** Redirects followed for one request. Default 10. */
  readonly maxRedirects?: number

  /** Attempts after the first one. Default 3. */
  readonly retries?: number
  /** The bound of the first wait between attempts, in milliseconds; it doubles each time. Default 500. */
  readonly retryMinDelayMs?: number
  /** The highest bound, in milliseconds. Default 15 s. */
  readonly retryMaxDelayMs?: number
  /** A server whose `Retry-After` is longer than this is not asked again, in milliseconds. Default 30 s. */
  readonly maxRetryAfterMs?: number

  /** Failures of a host in a row after which it is left alone. Default 8. */
  readonly breakerFailures?: number
  /** How long it is left alone before one request tries again, in milliseconds. Default one minute. */
  readonly breakerOpenMs?: number
  /** Failures are forgotten when none follows for this long, in milliseconds. Default 10 minutes. */
  readonly breakerMemoryMs?: number
  /** Where breakers are kept; a `KeyValueStore` of the engine shares them between nodes. Default: in memory. */
  readonly breakers?: BreakerStore

  /** Addresses and CIDR ranges that are not public and may still be downloaded from: one's own network. Default none. */
  readonly allowAddresses?: readonly string[]
  readonly userAgent?: string
  /**
   * When a source fails: `fail` and `skip` reject (with `skip` the caller goes on without the source), `last-good` gives the last good copy
   * from the cache where there is one. Default `fail`.
   */
  readonly onFailure?: 'fail' | 'skip' | 'last-good'
  /** The folder that local paths must be in and are relative to. Default: none, local paths are refused. */
  readonly localFolder?: string

  /** Resolves names. Default: as the system does. */
  readonly resolve?: Resolve
  /** Milliseconds since the Unix epoch; for breakers, the cache and `Retry-After`. Default: the system's clock. */
  readonly now?: () => number
  /** From 0 up to 1; for the jitter of retries. */
  readonly random?: () => number
}

const MIB = 1024 * 1024

const DEFAULTS = {
  maxCacheBytes: 1024 * MIB,
  maxFreshMs: 24 * 60 * 60 * 1000,
  concurrency: 64,
  concurrencyPerHost: 4,
  connectTimeoutMs: 10_000,
  headersTimeoutMs: 30_000,
  bodyIdleTimeoutMs: 30_000,
  totalTimeoutMs: 5 * 60_000,
  maxCompressedBytes: 64 * MIB,
  maxExpandedBytes: 200 * MIB,
  maxRedirects: 10,
  retries: 3,
  retryMinDelayMs: 500,
  retryMaxDelayMs: 15_000,
  maxRetryAfterMs: 30_000,
  breakerFailures: 8,
  breakerOpenMs: 60_000,
  breakerMemoryMs: 10 * 60_000,
} as const

const OTHER_DEFAULTS = {
  allowAddresses: [],
  userAgent: 'Headway (filter list compiler)',
  onFailure: 'fail',
  resolve: systemResolve,
  now: Date.now,
  random: Math.random,
} as const satisfies DownloaderOptions

type Defaulted = keyof typeof DEFAULTS | keyof typeof OTHER_DEFAULTS

/** The options with their defaults. */
export type DownloaderSettings = Required<Pick<DownloaderOptions, Defaulted>> & Omit<DownloaderOptions, Defaulted>

/** These may be 0: no redirects, no retries, always ask the server. */
const MAY_BE_ZERO: ReadonlySet<string> = new Set([
  'maxRedirects',
  'retries',
  'maxFreshMs',
  'retryMinDelayMs',
  'retryMaxDelayMs',
  'maxRetryAfterMs',
])

/** Fills in the defaults. @throws RangeError that names a number which can't be */
export function withDefaults(options: DownloaderOptions): DownloaderSettings {
  const given = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as DownloaderOptions
  const settings = { ...DEFAULTS, ...OTHER_DEFAULTS, ...given }
  for (const name of Object.keys(DEFAULTS) as (keyof typeof DEFAULTS)[]) {
    const least = MAY_BE_ZERO.has(name) ? 0 : 1
    if (!Number.isSafeInteger(settings[name]) || settings[name] < least) {
      throw new RangeError(`Downloads: ${name} must be a whole number, ${String(least)} or more, not ${String(settings[name])}.`)
    }
  }
  return settings
}
