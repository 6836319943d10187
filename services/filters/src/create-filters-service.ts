import { join } from 'node:path'
import { ServerKey } from '@headway/core'
import type { StoredJob } from '@headway/core'
import type { Access, RateLimit, ServerKit, Service } from '@headway/server'
import { createCompileWorkers } from './compiler/index.js'
import { Deferred } from './deferred.js'
import { createDownloader } from './download/index.js'
import type { DownloaderOptions } from './download/index.js'
import { batchJobType } from './jobs/batch-job-type.js'
import { compileJobType } from './jobs/compile-job-type.js'
import { Computations } from './jobs/computations.js'
import { Figures } from './jobs/figures.js'
import { ListStore } from './jobs/list-store.js'
import { openCompilations } from './jobs/open-compilations.js'
import { limitPauses } from './jobs/pause-limit.js'
import { SERVER_KEY } from './jobs/sealed-input.js'
import { filtersChannels } from './wire/channels.js'
import { COMPILE_LIMIT, Compilations } from './wire/compilations.js'
import { addMetrics } from './wire/metrics.js'
import { ERROR_PATHS, FILTERS_TAG } from './wire/paths.js'
import { renderFiltersError } from './wire/render-error.js'
import { RequestCheck } from './wire/request-check.js'
import { mountRoutes } from './wire/routes.js'
import { describedBatchBodySchema, describedCompileBodySchema } from './wire/schemas.js'
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
  /** Compilations that run at a time, each in a thread. 12 by default. */
  readonly concurrency?: number
  /** Compilations of one address that may be open at a time: that wait, run or rest. 0: any number. Holders of API keys have no limit. 20 by default. */
  readonly maxOpen?: number
  /** Memory of the heap of each of these threads, in MiB. 2,048 by default. */
  readonly threadMemoryMb?: number
  /** What one compilation may take, pauses not counted, in milliseconds. 10 minutes by default. */
  readonly timeoutMs?: number
  /** A compilation that is paused for longer is cancelled, in milliseconds. 1 hour by default. */
  readonly maxPauseMs?: number
  /** A compilation that is paused for longer gives its thread back, and begins again when it is resumed, in milliseconds. 1 minute by default. */
  readonly maxRestMs?: number
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
  concurrency: 12,
  maxOpen: 20,
  timeoutMs: 10 * 60_000,
  maxPauseMs: 60 * 60_000,
  maxRestMs: 60_000,
  maxBodyBytes: 32 * MIB,
  socketIdleMs: 5 * 60_000,
} as const satisfies Partial<FiltersServiceOptions>

/** Makes the service that compiles filter lists. */
export function createFiltersService(given: FiltersServiceOptions): Service {
  const options: Filled = { ...DEFAULTS, ...given }
  const figures = new Figures()
  // Jobs of an earlier server are claimed as soon as their type is known: they wait for the start.
  const running = new Deferred<Running>()
  const computations = running.promise.then((started) => started.computations)
  let compilations: Compilations | undefined
  const { maxRestMs } = options
  const jobOptions = { computations, figures, maxRestMs, onCreated: (job: StoredJob) => compilations?.open.made(job) }
  const check = new RequestCheck(options.localFolder !== undefined)
  const compilationsOf = (kit: ServerKit): Compilations =>
    (compilations ??= new Compilations(kit, options.access, openCompilations(kit.engine, options.maxOpen)))
  return {
    name: 'filters',
    jobTypes: [
      { ...compileJobType(jobOptions), shownInput: describedCompileBodySchema },
      { ...batchJobType(jobOptions), shownInput: describedBatchBodySchema },
    ],
    paths: ERROR_PATHS,
    tags: [FILTERS_TAG],
    channels: filtersChannels(options.access),
    limits: { [COMPILE_LIMIT]: options.rateLimit },
    mount(app, kit) {
      mountTestPage(app, kit)
      mountRoutes(app, kit, compilationsOf(kit), { figures, maxBodyBytes: options.maxBodyBytes, check })
      addMetrics(kit, figures, () => running.value?.computations)
    },
    sockets: (kit) => [compileSocket(kit, compilationsOf(kit), { idleMs: options.socketIdleMs, check })],
    renderError: renderFiltersError,
    async start(kit) {
      if (kit.servesApi) await compilationsOf(kit).open.restore()
      running.resolve(await startComputations(options, figures, kit))
    },
    async close() {
      compilations?.open.close()
      await running.value?.close()
    },
  }
}

interface Running {
  readonly computations: Computations
  readonly close: () => Promise<void>
}

type Filled = Omit<FiltersServiceOptions, keyof typeof DEFAULTS> & Required<Pick<FiltersServiceOptions, keyof typeof DEFAULTS>>

async function startComputations(options: Filled, figures: Figures, { engine, log }: ServerKit): Promise<Running> {
  const { folder, resultCacheBytes, onSourceError, concurrency } = options
  const downloader = createDownloader({
    folder: join(folder, 'downloads'),
    maxCacheBytes: options.downloadCacheBytes,
    onFailure: onSourceError,
    // A host that is down is left alone also after a restart, and by every node that shares the store.
    breakers: engine.stores.keyValues,
    ...(options.allowAddresses !== undefined && { allowAddresses: options.allowAddresses }),
    ...(options.localFolder !== undefined && { localFolder: options.localFolder }),
    ...options.downloads,
  })
  const workers = createCompileWorkers({
    threads: concurrency,
    ...(options.threadMemoryMb !== undefined && { memoryMb: options.threadMemoryMb }),
  })
  const computations = await Computations.open({
    workFolder: join(folder, 'work'),
    serverKey: await ServerKey.open(engine.stores.keyValues, SERVER_KEY),
    lists: await ListStore.open({ folder, maxBytes: resultCacheBytes }),
    sources: downloader,
    workers,
    onSourceError: onSourceError === 'skip' ? 'skip' : 'fail',
    timeoutMs: options.timeoutMs,
    onEvent: (event) => figures.heard(event),
    onUnexpected: (error) => log.error({ err: error }, 'A compilation failed inside the server'),
  })
  const onError = (error: unknown): void => log.error({ err: error }, 'Compilations that are paused for too long could not be cancelled')
  const stopLimit = limitPauses(engine, { maxPauseMs: options.maxPauseMs, onError })
  return {
    computations,
    async close() {
      await stopLimit()
      await workers.close()
      await downloader.close()
    },
  }
}
