import { isAbsolute, join, relative, resolve } from 'node:path'
import { BOOKS_RETENTION_GROUP, createBooksService } from '@headway/books'
import { assertNoUnfinishedCopy, createEngine, createProcessHost } from '@headway/core'
import type { Engine, JobType, Retention, Stores } from '@headway/core'
import { createFiltersService, FILTERS_RETENTION_GROUP } from '@headway/filters'
import type { FiltersServiceOptions } from '@headway/filters'
import { createLogger, createServer } from '@headway/server'
import type { ApiKeyOptions, RateLimit, ServerAddress } from '@headway/server'
import { withoutNames } from '@headway/server/settings'
import { createTasksService, SHIPPED_TASK_FILE } from '@headway/tasks'
import { keptAdminKey, sharedAdminKey } from './admin-key.js'
import { CommandError } from './command-error.js'
import { dashboardFolder } from './dashboard-folder.js'
import { examplePage } from './example-page.js'
import { EXIT } from './exit-codes.js'
import type { NodeRole } from './node-role.js'
import { booksOptionsOf } from './settings/books-options.js'
import type { Settings } from './settings/table.js'
import { openStores } from './store/open-stores.js'

/** A server that runs, with all that belongs to it. */
export interface RunningHeadway {
  readonly address: ServerAddress
  /** The data folder, absolute. */
  readonly dataFolder: string
  /** The file with the API key that was made because none is configured. */
  readonly adminKeyFile: string | undefined
  /** Lets jobs come to a good end, then streams, then lets go of everything. */
  close(): Promise<void>
}

export interface ComposeOptions {
  /** Of the user's own. */
  readonly jobTypes: readonly JobType[]
  readonly role: NodeRole
}

/**
 * Puts Headway together: the one place where everything meets.
 *
 * @param version of Headway
 * @throws StoreError `locked` when another server has the data folder, `unavailable` when the database can't be reached; TaskFileError;
 * CommandError for job types that there are none of; an error with `code` EADDRINUSE or EACCES
 */
export async function compose(settings: Settings, version: string, { jobTypes, role }: ComposeOptions): Promise<RunningHeadway> {
  const log = createLogger(settings.logLevel, 'stderr', settings.logDir === undefined ? undefined : resolve(settings.logDir))
  const dataFolder = resolve(settings.data)
  // Whatever was opened is closed in the opposite order, also when a later step fails.
  const opened: (() => Promise<void>)[] = []
  const close = async (): Promise<void> => {
    for (let end = opened.pop(); end !== undefined; end = opened.pop()) await end()
    log.flush()
  }
  try {
    const stores = await openStores(settings, dataFolder, (message) => log.warn(message))
    opened.push(() => stores.close())
    await assertNoUnfinishedCopy(stores)
    const keys = await apiKeysOf(settings, dataFolder, stores)
    const tasks = await createTasksService({ file: resolve(settings.tasks ?? SHIPPED_TASK_FILE) })
    const filters = createFiltersService(filtersOptionsOf(settings, dataFolder))
    const books = createBooksService(booksOptionsOf(settings))
    const engine = createEngine({
      stores,
      jobTypes,
      ...(role.work !== 'none' && { processHost: createProcessHost() }),
      work: role.work,
      leaseMs: settings.lease,
      concurrency: settings.concurrency,
      shutdownGraceMs: settings.shutdownGrace,
      retention: {
        default: retentionOf(settings.keepFinished, settings),
        byGroup: {
          [FILTERS_RETENTION_GROUP]: retentionOf(settings.filtersKeepFinished, settings),
          [BOOKS_RETENTION_GROUP]: retentionOf(settings.booksKeepFinished, settings),
        },
      },
      onError: (error, doing) => log.error({ err: error, doing }, 'the engine had trouble'),
      onStoreWell: ({ ms, failures }) => log.warn({ seconds: Math.round(ms / 1000), failures }, 'the store is well again'),
    })
    opened.push(() => engine.close())
    const pages = dashboardFolder()
    const server = createServer({
      engine,
      ...(pages !== undefined && { pages: { folder: pages } }),
      services: [tasks, filters, books, ...examplePage()],
      version,
      log,
      api: role.api,
      manyNodes: stores.kind !== 'sqlite',
      host: settings.host,
      port: settings.port,
      ...(settings.publicUrl === undefined ? {} : { publicUrl: settings.publicUrl }),
      apiKeys: keys.apiKeys,
      ipAllow: settings.ipAllow,
      trustProxy: settings.trustProxy,
      corsOrigins: settings.corsOrigins,
      metricsAccess: settings.metricsAccess,
      limits: { api: perMinute(settings.rateLimit), compile: perMinute(settings.filtersRateLimit) },
      maxJsonBytes: settings.maxJsonBytes,
      maxPreferWaitSeconds: settings.maxPreferWait / 1000,
      jobTokenMs: settings.jobToken,
      maxConnections: settings.maxConnections,
      delivery: { maxWatchers: settings.maxWatchers, heartbeatMs: settings.heartbeat },
    })
    opened.push(async () => {
      // Watchers are still there to see how the jobs end.
      server.drain()
      await engine.drain()
      await server.close()
    })
    // First, because it clears away what an earlier server left: no job of this one may be there yet. Services register their types as
    // the server listens; the engine then looks for their jobs.
    await engine.start()
    const address = await server.listen()
    checkTypes(role, engine)
    log.info({ url: address.url, data: dataFolder, version }, 'started')
    return { address, dataFolder, adminKeyFile: keys.file, close }
  } catch (error) {
    await close()
    throw error
  }
}

async function apiKeysOf(
  settings: Settings,
  dataFolder: string,
  stores: Stores,
): Promise<{ apiKeys: ApiKeyOptions[]; file: string | undefined }> {
  const { adminKey, apiKeys } = settings
  if (adminKey !== undefined) return { apiKeys: [adminKeyOf(adminKey), ...apiKeys], file: undefined }
  if (apiKeys.length > 0) return { apiKeys: [...apiKeys], file: undefined }
  const { key, path } = stores.kind === 'sqlite' ? await keptAdminKey(dataFolder) : await sharedAdminKey(dataFolder, stores.keyValues)
  return { apiKeys: [adminKeyOf(key)], file: path }
}

/** A type that is written wrongly would be waited for in vain. @throws CommandError */
function checkTypes({ work }: NodeRole, engine: Engine): void {
  if (typeof work === 'string') return
  const unknown = work.filter((type) => engine.typeOf(type) === undefined)
  if (unknown.length === 0) return
  throw new CommandError(`There is no job type ${unknown.join(', ')}. There are: ${[...engine.jobTypes.keys()].join(', ')}.`, EXIT.usage)
}

/** 0: any number. */
function perMinute(requests: number): RateLimit | false {
  return requests === 0 ? false : { requests, windowSeconds: 60 }
}

function filtersOptionsOf(settings: Settings, dataFolder: string): FiltersServiceOptions {
  const { filtersLocalFolder: localFolder } = settings
  return {
    folder: join(dataFolder, 'filters'),
    access: settings.filtersAccess,
    concurrency: settings.filtersConcurrency,
    threadMemoryMb: settings.filtersThreadMemory,
    maxOpen: settings.filtersMaxOpen,
    timeoutMs: settings.filtersTimeout,
    maxPauseMs: settings.filtersMaxPause,
    maxBodyBytes: settings.filtersMaxBytes,
    downloadCacheBytes: settings.filtersDownloadCache,
    resultCacheBytes: settings.filtersResultCache,
    allowAddresses: withoutNames(settings.filtersAllowAddresses),
    socketIdleMs: settings.filtersSocketIdle,
    onSourceError: settings.filtersOnSourceError,
    downloads: { concurrencyPerOwner: settings.filtersDownloadsPerOwner },
    ...(localFolder !== undefined && { localFolder: resolve(localFolder) }),
  }
}

function adminKeyOf(key: string): ApiKeyOptions {
  return { name: 'admin', roles: ['admin'], key }
}

function retentionOf(maxFinished: number, { keepFor }: Settings): Retention {
  return { maxFinished, ...(keepFor === undefined ? {} : { maxAgeMs: keepFor }) }
}

/** A path as one would type it here. */
export function shortPath(path: string): string {
  const short = relative(process.cwd(), path)
  return short.startsWith('..') || isAbsolute(short) ? path : `./${short}`
}
