import { z } from 'zod'
import { apiKeys } from './api-keys.js'
import { BOOKS_SETTINGS } from './books.js'
import { addresses, duration, httpUrl, number, oneOf, origins } from './parse.js'
import { optional, setting } from './setting.js'
import type { ValuesOf } from './setting.js'
import { STORE_SETTINGS } from './store.js'

export type { Setting } from './setting.js'

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
const GIB = 2 ** 30

/** All settings, by their names in the configuration file. */
export const SETTINGS = {
  port: setting({
    env: 'PORT',
    flag: '--port <number>',
    schema: number({ min: 0, max: 65_535 }),
    default: 3000,
    description: 'Where the server listens; 0 for any free port',
  }),
  host: setting({
    env: 'HEADWAY_HOST',
    flag: '--host <address>',
    schema: z.string('an address').min(1, 'an address'),
    default: '127.0.0.1',
    description: 'The address to listen at; 0.0.0.0 for all of this machine',
  }),
  publicUrl: optional({
    env: 'HEADWAY_PUBLIC_URL',
    flag: '--public-url <url>',
    schema: httpUrl(),
    description: 'The base of absolute URLs; by default as the client reached the server',
  }),
  data: setting({
    env: 'HEADWAY_DATA',
    flag: '--data <folder>',
    schema: z.string('a folder').min(1, 'a folder'),
    default: './data',
    description: 'The data folder',
  }),
  ...STORE_SETTINGS,
  tasks: optional({
    env: 'HEADWAY_TASKS',
    flag: '--tasks <file>',
    schema: z.string('a file').min(1, 'a file'),
    description: 'The file of task types; by default the one that ships',
  }),
  filtersAccess: setting({
    env: 'HEADWAY_ACCESS_FILTERS',
    flag: '--filters-access <who>',
    schema: oneOf(['public', 'key']),
    default: 'public',
    description: 'Who may compile filter lists',
  }),
  filtersRateLimit: setting({
    env: 'HEADWAY_FILTERS_RATE_LIMIT',
    flag: '--filters-rate-limit <number>',
    schema: number({ min: 0, max: 1_000_000 }),
    default: 10,
    unit: 'requests a minute and address',
    description: 'Requests for compilations that one address may send; 0: any number',
  }),
  filtersConcurrency: setting({
    env: 'HEADWAY_FILTERS_CONCURRENCY',
    flag: '--filters-concurrency <number>',
    schema: number({ min: 1, max: 256 }),
    default: 12,
    description: 'Filter lists that are compiled at a time, each in a thread; one address may have a third of them',
  }),
  filtersThreadMemory: setting({
    env: 'HEADWAY_FILTERS_THREAD_MEMORY',
    flag: '--filters-thread-memory <number>',
    schema: number({ min: 16, max: 65_536 }),
    default: 2048,
    unit: 'MiB',
    description: 'The heap of each of these threads: what needs more fails',
  }),
  filtersDownloadsPerOwner: setting({
    env: 'HEADWAY_FILTERS_DOWNLOADS_PER_OWNER',
    flag: '--filters-downloads-per-owner <number>',
    schema: number({ min: 1, max: 64 }),
    default: 32,
    description: 'Sources, of 64 in all, that are downloaded at a time for one address, and for the holders of API keys together',
  }),
  filtersMaxOpen: setting({
    env: 'HEADWAY_FILTERS_MAX_OPEN',
    flag: '--filters-max-open <number>',
    schema: number({ min: 0, max: 1_000_000 }),
    default: 20,
    unit: 'compilations of one address',
    description: 'Compilations without an API key that may wait, run or rest at a time; 0: any number',
  }),
  filtersTimeout: setting({
    env: 'HEADWAY_FILTERS_TIMEOUT',
    flag: '--filters-timeout <time>',
    schema: duration({ minMs: 1_000, maxMs: DAY_MS }),
    default: 10 * 60_000,
    unit: 'ms',
    description: 'What the compilation of one list may take, pauses not counted',
  }),
  filtersMaxPause: setting({
    env: 'HEADWAY_FILTERS_MAX_PAUSE',
    flag: '--filters-max-pause <time>',
    schema: duration({ minMs: 1_000, maxMs: 20 * DAY_MS }),
    default: HOUR_MS,
    unit: 'ms',
    description: 'A compilation that is paused for longer is cancelled',
  }),
  filtersKeepFinished: setting({
    env: 'HEADWAY_FILTERS_KEEP_FINISHED',
    flag: '--filters-keep-finished <number>',
    schema: number({ min: 0, max: 10_000_000 }),
    default: 1000,
    description: 'Compilations of filter lists that are kept when they are over, with their results; for HEADWAY_KEEP_FOR at most',
  }),
  filtersMaxBytes: setting({
    env: 'HEADWAY_FILTERS_MAX_BYTES',
    flag: '--filters-max-bytes <number>',
    schema: number({ min: 1024, max: GIB }),
    default: 32 * 1024 * 1024,
    unit: 'bytes',
    description: 'The largest body of a request for a compilation, with its pre-fetched texts',
  }),
  filtersDownloadCache: setting({
    env: 'HEADWAY_FILTERS_DOWNLOAD_CACHE',
    flag: '--filters-download-cache <number>',
    schema: number({ min: 1024, max: 1024 * GIB }),
    default: GIB,
    unit: 'bytes',
    description: 'Sources of filter lists that are kept on disk',
  }),
  filtersResultCache: setting({
    env: 'HEADWAY_FILTERS_RESULT_CACHE',
    flag: '--filters-result-cache <number>',
    schema: number({ min: 1024, max: 1024 * GIB }),
    default: GIB / 2,
    unit: 'bytes',
    description: 'Compiled filter lists that are kept on disk; and again as much for the lists before them',
  }),
  filtersLocalFolder: optional({
    env: 'HEADWAY_FILTERS_LOCAL_FOLDER',
    flag: '--filters-local-folder <folder>',
    schema: z.string('a folder').min(1, 'a folder'),
    description: 'The folder whose files may be sources of filter lists; by default files may not',
  }),
  filtersAllowAddresses: setting({
    env: 'HEADWAY_FILTERS_ALLOW_ADDRESSES',
    flag: '--filters-allow-addresses <list>',
    schema: addresses(),
    default: [],
    description:
      'Addresses and CIDR ranges of your own network that sources may be loaded from; also loopback and private; by default public ones only',
  }),
  filtersSocketIdle: setting({
    env: 'HEADWAY_FILTERS_SOCKET_IDLE',
    flag: '--filters-socket-idle <time>',
    schema: duration({ minMs: 1_000, maxMs: DAY_MS }),
    default: 5 * 60_000,
    unit: 'ms',
    description: 'How long a connection to /ws/compile may say nothing while it runs no compilation',
  }),
  filtersOnSourceError: setting({
    env: 'HEADWAY_FILTERS_ON_SOURCE_ERROR',
    flag: '--filters-on-source-error <what>',
    schema: oneOf(['fail', 'skip', 'last-good']),
    default: 'fail',
    description: 'When a source can not be loaded: fail, go on without it, or take its last good copy',
  }),
  ...BOOKS_SETTINGS,
  adminKey: optional({
    env: 'HEADWAY_ADMIN_KEY',
    schema: z.string('a text').min(8, 'a text of at least 8 characters').max(512, 'a text of at most 512 characters'),
    description: 'An API key that may do everything',
    secret: true,
  }),
  apiKeys: setting({
    env: 'HEADWAY_API_KEYS',
    schema: apiKeys(),
    default: [],
    description: 'Named API keys: name:role+role:key, with commas between them; roles are read, run and admin',
    secret: true,
  }),
  ipAllow: setting({
    env: 'HEADWAY_IP_ALLOW',
    flag: '--ip-allow <list>',
    schema: addresses(),
    default: [],
    description: 'Addresses and CIDR ranges that may ask at all; empty: all',
  }),
  trustProxy: setting({
    env: 'HEADWAY_TRUST_PROXY',
    flag: '--trust-proxy <list>',
    schema: addresses(),
    default: [],
    description: 'Addresses and CIDR ranges of proxies whose X-Forwarded headers count; also loopback and private',
  }),
  corsOrigins: setting({
    env: 'HEADWAY_CORS_ORIGINS',
    flag: '--cors-origins <list>',
    schema: origins(),
    default: [],
    description: 'Origins whose pages may use the API; * for all, null for pages from files',
  }),
  metricsAccess: setting({
    env: 'HEADWAY_ACCESS_METRICS',
    flag: '--metrics-access <who>',
    schema: oneOf(['public', 'key']),
    default: 'key',
    description: 'Who may read /metrics',
  }),
  rateLimit: setting({
    env: 'HEADWAY_RATE_LIMIT',
    flag: '--rate-limit <number>',
    schema: number({ min: 0, max: 1_000_000 }),
    default: 600,
    unit: 'requests a minute and address',
    description: 'Requests that one address may send; 0: any number',
  }),
  maxJsonBytes: setting({
    env: 'HEADWAY_MAX_JSON_BYTES',
    flag: '--max-json-bytes <number>',
    schema: number({ min: 1024, max: GIB }),
    default: 1024 * 1024,
    unit: 'bytes',
    description: 'The largest JSON body',
  }),
  maxWatchers: setting({
    env: 'HEADWAY_MAX_WATCHERS',
    flag: '--max-watchers <number>',
    schema: number({ min: 1, max: 1_000_000 }),
    default: 20_000,
    description: 'Streams, sockets and waiting polls open at a time',
  }),
  heartbeat: setting({
    env: 'HEADWAY_HEARTBEAT',
    flag: '--heartbeat <time>',
    schema: duration({ minMs: 1_000, maxMs: HOUR_MS }),
    default: 30_000,
    unit: 'ms',
    description: 'After so much silence a stream says that it is there: less than a proxy in front waits',
  }),
  maxConnections: setting({
    env: 'HEADWAY_MAX_CONNECTIONS',
    flag: '--max-connections <number>',
    schema: number({ min: 1, max: 1_000_000 }),
    default: 25_000,
    description: 'Connections open at a time; more are closed at once',
  }),
  maxPreferWait: setting({
    env: 'HEADWAY_MAX_PREFER_WAIT',
    flag: '--max-prefer-wait <time>',
    schema: duration({ minMs: 0, maxMs: HOUR_MS }),
    default: 600_000,
    unit: 'ms',
    description: 'The most that Prefer: wait=N waits',
  }),
  jobToken: setting({
    env: 'HEADWAY_JOB_TOKEN',
    flag: '--job-token <time>',
    schema: duration({ minMs: 60_000, maxMs: 7 * DAY_MS }),
    default: DAY_MS,
    unit: 'ms',
    description: "How long a job's token is good",
  }),
  concurrency: setting({
    env: 'HEADWAY_CONCURRENCY',
    flag: '--concurrency <number>',
    schema: number({ min: 1, max: 100_000 }),
    default: 100,
    description: 'Jobs that run at a time, over all types',
  }),
  lease: setting({
    env: 'HEADWAY_LEASE',
    flag: '--lease <time>',
    schema: duration({ minMs: 1_000, maxMs: HOUR_MS }),
    default: 15_000,
    unit: 'ms',
    description: 'How long a worker may be silent before its jobs go elsewhere',
  }),
  keepFinished: setting({
    env: 'HEADWAY_KEEP_FINISHED',
    flag: '--keep-finished <number>',
    schema: number({ min: 0, max: 10_000_000 }),
    default: 100,
    description:
      'Finished jobs that are kept: of all tasks together, of each other type alone; filter lists and jobs of books have numbers of their own',
  }),
  keepFor: optional({
    env: 'HEADWAY_KEEP_FOR',
    flag: '--keep-for <time>',
    schema: duration({ minMs: 1_000, maxMs: 36_500 * DAY_MS }),
    unit: 'ms',
    description: 'How long finished jobs are kept; by default as long as there are not too many',
  }),
  shutdownGrace: setting({
    env: 'HEADWAY_SHUTDOWN_GRACE',
    flag: '--shutdown-grace <time>',
    schema: duration({ minMs: 0, maxMs: HOUR_MS }),
    default: 10_000,
    unit: 'ms',
    description: 'How long running jobs may go on when the server stops',
  }),
  logLevel: setting({
    env: 'HEADWAY_LOG_LEVEL',
    flag: '--log-level <level>',
    schema: oneOf(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']),
    default: 'info',
    description: 'The least important lines that are logged',
  }),
  logDir: optional({
    env: 'HEADWAY_LOG_DIR',
    flag: '--log-dir <folder>',
    schema: z.string('a folder').min(1, 'a folder'),
    description: 'A folder for combined.log (all lines) and error.log (level error and above); by default logs go to stderr only',
  }),
} as const

export type SettingName = keyof typeof SETTINGS

/** The values of all settings. */
export type Settings = ValuesOf<typeof SETTINGS>
