import { ServerKey } from '@headway/core'
import type { JobType } from '@headway/core'
import type { RateLimit, ServerKit, Service } from '@headway/server'
import { endedAlike } from './jobs/ended-alike.js'
import type { OnInternal } from './jobs/ended-alike.js'
import { enrichmentJobType } from './jobs/enrichment-job-type.js'
import { importJobType } from './jobs/import-job-type.js'
import type { ImportParts } from './jobs/import-job-type.js'
import { SERVER_KEY } from './jobs/names.js'
import { scanJobType } from './jobs/scan-job-type.js'
import { Lazy } from './lazy.js'
import { BookLookup } from './lookup.js'
import { DEFAULTS, BOOKS_LIMITS } from './options.js'
import type { BooksServiceOptions, FilledOptions } from './options.js'
import { askColumns } from './scan/vision/ask-columns.js'
import { importCreation, scanCreation } from './wire/creations.js'
import { BookJobs } from './wire/book-jobs.js'
import { booksChannels } from './wire/channels.js'
import { OpenBookJobs } from './wire/open-book-jobs.js'
import { BOOKS_TAG, ERROR_PATHS } from './wire/paths.js'
import { renderBooksError } from './wire/render-error.js'
import { routeAdder } from './wire/route-tools.js'
import type { LimitName } from './wire/route-tools.js'
import { mountBooks } from './wire/routes-books.js'
import { mountV3Creations } from './wire/routes-create-v3.js'
import { mountDownloads } from './wire/routes-downloads.js'
import { mountV3Jobs } from './wire/routes-jobs-v3.js'
import { mountOldJobs } from './wire/routes-old-jobs.js'
import { mountOldSearch } from './wire/routes-old-search.js'
import { mountService } from './wire/routes-service.js'
import { progressSocket } from './wire/socket/progress-socket.js'

/** Makes the service for a reader's library. */
export function createBooksService(given: BooksServiceOptions): Service {
  const options: FilledOptions = { ...DEFAULTS, ...given }
  let mounted: ServerKit | undefined
  const kit = (): ServerKit => {
    if (mounted === undefined) throw new Error('The books service belongs to no server yet.')
    return mounted
  }
  // Nothing of it is loaded or opened before somebody needs it: most servers start for something else.
  const library = new Lazy(async () => {
    const { openLibrary } = await import('./open-books.js')
    return openLibrary(options, kit().engine.stores.keyValues)
  })
  const scanner = new Lazy(async () => {
    // The scanner's thread opens the catalog by itself; the library has made it then.
    await library.get()
    const { createPhotoScanner } = await import('./scan/photo-scanner.js')
    const { catalogPath, vision, maxPhotoBytes } = options
    return createPhotoScanner({ catalogPath, maxPhotoBytes, ...(vision !== undefined && { vision }) })
  })
  const key = new Lazy(() => ServerKey.open(kit().engine.stores.keyValues, SERVER_KEY))
  const lookup = new BookLookup(library, options.embeddings !== undefined)
  const limits = rateLimitsOf(options)
  let open: OpenBookJobs | undefined
  const openOf = ({ engine }: ServerKit): OpenBookJobs => (open ??= new OpenBookJobs(engine, options))
  const onInternal: OnInternal = (err, { id }) => kit().log.error({ err, jobId: id }, 'A job of the books service failed inside the server')
  const wired = (type: JobType): JobType => ({ ...endedAlike(type, onInternal), onCreated: (job) => open?.made(job) })
  return {
    name: 'books',
    jobTypes: [
      { ...importJobType({ library, ...importOptionsOf(options) }, key), creation: importCreation(options) },
      enrichmentJobType({ library, engine: () => kit().engine, maxBatch: options.maxBatch }, key),
      { ...scanJobType(scanner, key), creation: scanCreation(options) },
    ].map(wired),
    paths: ERROR_PATHS,
    tags: [BOOKS_TAG],
    channels: booksChannels(),
    limits,
    mount(app, started) {
      mounted = started
      const jobs = new BookJobs(started, options.access, openOf(started))
      const add = routeAdder(app, started, jobs)
      const jobRoutes = { add, kit: started, jobs, limits: options }
      const bookRoutes = { add, kit: started, lookup, maxEnrich: MAX_ENRICH }
      const { maxRows, webhookSecret } = options
      mountService({ add, kit: started, lookup, rateLimits: limits, maxRows, uploads: options, webhookSecret })
      mountBooks(bookRoutes)
      mountV3Creations(jobRoutes)
      mountV3Jobs(jobRoutes)
      mountDownloads(jobRoutes)
      mountOldJobs(jobRoutes)
      mountOldSearch(bookRoutes)
    },
    sockets: (started) => [progressSocket(started, options)],
    renderError: renderBooksError,
    async start(started) {
      if (started.servesApi) await openOf(started).restore()
    },
    async close() {
      open?.close()
      const ends = [() => scanner.close((made) => made.close()), () => library.close((made) => made.close())]
      const failures: unknown[] = []
      // One after the other: the scanner is made with the library. What one of them can't end must not keep the other open.
      for (const end of ends) await end().catch((error: unknown) => failures.push(error))
      if (failures.length > 0) throw failures[0]
    },
  }
}

/** ISBNs of one `POST /v3/books/enrich`, which answers when all are looked up. */
const MAX_ENRICH = 100

function rateLimitsOf({ rateLimits = {} }: FilledOptions): Record<LimitName, RateLimit> {
  return { ...BOOKS_LIMITS, ...rateLimits }
}

function importOptionsOf({ catalogPath, maxRows, vision }: FilledOptions): Omit<ImportParts, 'library'> {
  return { catalogPath, maxRows, ...(vision !== undefined && { askColumns: askColumns(vision) }) }
}
