import { join } from 'node:path'
import type { Access, RateLimit, ServerKit, Service } from '@headway/server'
import { createCompileWorkers } from './compiler/index.js'
import { createDownloader } from './download/index.js'
import type { DownloaderOptions } from './download/index.js'
import { batchJobType } from './jobs/batch-job-type.js'
import { compileJobType } from './jobs/compile-job-type.js'
import { Computations } from './jobs/computations.js'
import { Figures } from './jobs/figures.js'
import { ListStore } from './jobs/list-store.js'
import { filtersChannels } from './wire/channels.js'
import { COMPILE_LIMIT, Compilations } from './wire/compilations.js'
import { addMetrics } from './wire/metrics.js'
import { ERROR_PATHS, FILTERS_TAG } from './wire/paths.js'
import { renderFiltersError } from './wire/render-error.js'
import { mountRoutes } from './wire/routes.js'
import { mountTestPage } from './wire/test-page.js'
import { compileSocket } from './wire/websocket/compile-socket.js'

export interface FiltersServiceOptions {
  /** For the caches and for work under way. One server at a time. */
  readonly folder: string
  /** Who may compile. `public` by default. */
  readonly access?: Access
  /** Of what begins compilations, for each address. 10 in 60 seconds by default. */
  readonly rateLimit?: RateLimit
  /** Bytes of downloaded sources that are kept. 1 GiB by default. */
  readonly downloadCacheBytes?: number
  /** Bytes of compiled lists that are kept, and again as many of previous lists. 512 MiB by default. */
  readonly resultCacheBytes?: number
  /** The folder whose files sources may name. None by default: paths are refused. */
  readonly localFolder?: string
  /** Addresses and CIDR ranges that are not public and may still be downloaded from: one's own network. */
  readonly allowAddresses?: readonly string[]
  /** When a source fails: the compilation fails (the default), goes on without it, or with its last good copy. */
  readonly onSourceError?: 'fail' | 'skip' | 'last-good'
  /** Compilations that run at a time, each in a thread. 4 by default. */
  readonly concurrency?: number
  /** The largest body of a request, in bytes. 32 MiB by default. */
  readonly maxBodyBytes?: number
  /** A connection to `/ws/compile` without a running compilation that says nothing for so long is closed, in milliseconds. 5 minutes by default. */
  readonly socketIdleMs?: number
  /** Of the downloader, beside those above. */
  readonly downloads?: Omit<DownloaderOptions, 'folder' | 'maxCacheBytes' | 'onFailure' | 'allowAddresses' | 'localFolder'>
}

const MIB = 1024 * 1024

const DEFAULTS = {
  access: 'public',
  rateLimit: { requests: 10, windowSeconds: 60 },
  downloadCacheBytes: 1024 * MIB,
  resultCacheBytes: 512 * MIB,
  onSourceError: 'fail',
  concurrency: 4,
  maxBodyBytes: 32 * MIB,
  socketIdleMs: 5 * 60_000,
} as const satisfies Partial<FiltersServiceOptions>

/** Makes the service that compiles filter lists. */
export function createFiltersService(given: FiltersServiceOptions): Service {
  const options: Filled = { ...DEFAULTS, ...given }
  const figures = new Figures()
  let compilations: Compilations | undefined
  let running: Running | undefined
  let log: ServerKit['log'] | undefined
  let begin: (computations: Computations) => void = () => undefined
  // Jobs of an earlier server are claimed as soon as their type is known: they wait for the start.
  const computations = new Promise<Computations>((resolve) => {
    begin = resolve
  })
  return {
    name: 'filters',
    jobTypes: [compileJobType(computations, figures), batchJobType(computations, figures)],
    paths: ERROR_PATHS,
    tags: [FILTERS_TAG],
    channels: filtersChannels(options.access),
    limits: { [COMPILE_LIMIT]: options.rateLimit },
    mount(app, kit) {
      log = kit.log
      compilations = new Compilations(kit, options.access)
      mountTestPage(app, kit)
      mountRoutes(app, kit, compilations, { figures, maxBodyBytes: options.maxBodyBytes })
      addMetrics(kit, figures, () => running?.computations)
    },
    sockets: (kit) => [compileSocket(kit, (compilations ??= new Compilations(kit, options.access)), { idleMs: options.socketIdleMs })],
    renderError: renderFiltersError,
    async start() {
      running = await startComputations(options, figures, (error) => log?.error({ err: error }, 'A compilation failed inside the server'))
      begin(running.computations)
    },
    async close() {
      await running?.close()
      running = undefined
    },
  }
}

interface Running {
  readonly computations: Computations
  readonly close: () => Promise<void>
}

type Filled = Omit<FiltersServiceOptions, keyof typeof DEFAULTS> & Required<Pick<FiltersServiceOptions, keyof typeof DEFAULTS>>

async function startComputations(options: Filled, figures: Figures, onUnexpected: (error: unknown) => void): Promise<Running> {
  const { folder, resultCacheBytes, onSourceError, concurrency } = options
  const downloader = createDownloader({
    folder: join(folder, 'downloads'),
    maxCacheBytes: options.downloadCacheBytes,
    onFailure: onSourceError,
    ...(options.allowAddresses !== undefined && { allowAddresses: options.allowAddresses }),
    ...(options.localFolder !== undefined && { localFolder: options.localFolder }),
    ...options.downloads,
  })
  const workers = createCompileWorkers({ threads: concurrency })
  const computations = await Computations.open({
    workFolder: join(folder, 'work'),
    lists: await ListStore.open({ folder, maxBytes: resultCacheBytes }),
    load: downloader.load,
    workers,
    onSourceError: onSourceError === 'skip' ? 'skip' : 'fail',
    onEvent: (event) => figures.heard(event),
    onUnexpected,
  })
  return {
    computations,
    async close() {
      await workers.close()
      await downloader.close()
    },
  }
}
