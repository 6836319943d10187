import type { JobId, JobRequest, Json } from '@headway/protocol'
import { isTerminal } from '@headway/protocol'
import { randomUUID } from 'node:crypto'
import { hostname } from 'node:os'
import { systemClock } from './clock.js'
import type { JobType } from './define-job.js'
import type { CreateOptions, CreateResult, Engine, EngineFigures, EngineOptions, FollowOptions } from './engine.js'
import { HeadwayError } from './errors.js'
import { EventRate } from './events/event-rate.js'
import { follow } from './events/follow.js'
import { JobLog } from './events/job-log.js'
import type { LogEvent } from './events/log-event.js'
import { killLeftoversOf } from './jobs/leftovers.js'
import { Runner } from './jobs/runner.js'
import { retentionPolicy } from './jobs/retention-policy.js'
import { removeOrphans, startSweeping } from './jobs/sweeper.js'
import type { EventPage, JobQuery, NewJob, Page, ReadRange, StoredJob } from './store/job-store.js'
import { StoreTrouble } from './store/store-trouble.js'
import { toFieldErrors } from './zod-errors.js'

const DEFAULTS = { leaseMs: 15_000, sweepMs: 1000, shutdownGraceMs: 10_000, concurrency: 100 }

/** Makes an engine on a store. Nothing runs before `start`. */
export function createEngine(options: EngineOptions): Engine {
  const { stores, processHost } = options
  const clock = options.clock ?? systemClock
  const { leaseMs, sweepMs, shutdownGraceMs, concurrency } = { ...DEFAULTS, ...options }
  const trouble = new StoreTrouble({
    onError: options.onError ?? ((error, doing) => console.error(`headway: could not ${doing}:`, error)),
    onWell: options.onStoreWell ?? (() => undefined),
  })
  const onError = (error: unknown, doing: string): void => trouble.failed(error, doing)
  const work = options.work ?? 'all'
  const runsHere = (type: string): boolean => work === 'all' || (work !== 'none' && work.includes(type))
  const jobTypes = new Map<string, JobType>()
  /** Types that are no longer offered, for the jobs that they still have. */
  const retired = new Map<string, JobType>()
  for (const type of options.jobTypes ?? []) jobTypes.set(type.name, type)

  const typeOf = (name: string): JobType | undefined => jobTypes.get(name) ?? retired.get(name)

  let eventsAppended = 0
  const rate = new EventRate(clock)
  const since = new Date(clock.now())
  const worker = `${hostname()}:${process.pid}:${randomUUID().slice(0, 8)}`
  const log = new JobLog(stores.jobs, clock, onError)
  const runner = new Runner({
    worker,
    stores,
    processHost,
    clock,
    leaseMs,
    concurrency,
    typeOf,
    typeNames: () => [...jobTypes.keys(), ...retired.keys()].filter(runsHere),
    onCommitted: (id, events, closed) => {
      eventsAppended += events.length
      rate.add(events.length)
      log.committed(id, events, closed)
    },
    onReleased: (id) => log.hint(id),
    onError,
  })
  let stopWaking: () => void = () => undefined
  let stopSweeping: () => Promise<void> = () => Promise.resolve()

  async function get(id: JobId): Promise<StoredJob> {
    const job = await stores.jobs.get(id)
    if (job === undefined) throw new HeadwayError('JOB_NOT_FOUND', `There is no job ${id}; it may have been pruned.`)
    return job
  }

  async function create(name: string, input: unknown, more: CreateOptions & { readonly retryOf?: JobId } = {}): Promise<CreateResult> {
    const type = jobTypes.get(name)
    if (type === undefined) {
      throw new HeadwayError('UNKNOWN_JOB_TYPE', `There is no job type "${name}". There are: ${[...jobTypes.keys()].join(', ')}.`)
    }
    const parsed = await type.input.safeParseAsync(input)
    if (!parsed.success) {
      throw new HeadwayError('VALIDATION_ERROR', `The input does not fit the job type "${name}".`, { fields: toFieldErrors(parsed.error) })
    }
    const limit = type.concurrencyKey?.(parsed.data)
    const definition = type.definition?.(parsed.data)
    const job: NewJob = {
      id: randomUUID(),
      ...more,
      type: name,
      input: (parsed.data ?? null) as Json,
      ...(limit !== undefined && { concurrencyKey: limit.key, keyLimit: limit.limit }),
      ...(definition !== undefined && { definition }),
      ...(type.queueTimeoutMs !== undefined && { queueTimeoutMs: type.queueTimeoutMs }),
      ...(type.maxRecoveries !== undefined && { maxRecoveries: type.maxRecoveries }),
    }
    const [created] = await stores.jobs.create([job])
    if (created === undefined) throw new HeadwayError('INTERNAL_ERROR', 'The store did not say what became of the new job.')
    if (created.created) type.onCreated?.(created.job)
    return created
  }

  async function request(id: JobId, what: JobRequest, why?: string): Promise<StoredJob> {
    if (what === 'pause') {
      const job = await get(id)
      if (!isTerminal(job.status) && typeOf(job.type)?.pausable !== true) {
        throw new HeadwayError('NOT_PAUSABLE', `Jobs of type "${job.type}" can't pause; cancel the job instead.`)
      }
    }
    const result = await stores.jobs.request(id, what, why)
    if (result === undefined) throw new HeadwayError('JOB_NOT_FOUND', `There is no job ${id}; it may have been pruned.`)
    if (result.outcome === 'refused') {
      // What is so already is a success, so that a client may repeat a request whose answer it lost.
      const goesOn = what === 'resume' && !isTerminal(result.job.status) && result.job.request !== 'cancel'
      if (goesOn) return result.job
      throw refusal(result.job, what)
    }
    if (result.outcome === 'requested') await runner.look(id)
    else log.hint(id)
    return result.job
  }

  async function finished(id: JobId, signal: AbortSignal): Promise<StoredJob> {
    const job = await get(id)
    if (isTerminal(job.status)) return job
    for await (const _ of follow(log, id, { after: job.head, signal })) {
      // Only the end is of interest.
    }
    return get(id)
  }

  return {
    jobTypes,
    stores,
    typeOf,
    register(type: JobType) {
      jobTypes.set(type.name, type)
      retired.delete(type.name)
      runner.claimSoon()
    },
    unregister(name: string) {
      const type = jobTypes.get(name)
      if (type === undefined) return
      jobTypes.delete(name)
      retired.set(name, type)
    },
    create: (type, input, more) => create(type, input, more),
    get,
    list: (query: JobQuery): Promise<Page<StoredJob>> => stores.jobs.list(query),
    request,
    async retry(id: JobId, more: Pick<CreateOptions, 'idempotency'> = {}): Promise<CreateResult> {
      const job = await get(id)
      if (!isTerminal(job.status))
        throw new HeadwayError('JOB_NOT_FINISHED', `Job ${id} is ${job.status}; only a finished job can be run again.`)
      return create(job.type, job.input, { ...more, priority: job.priority, retryOf: id })
    },
    async read(id: JobId, range: ReadRange): Promise<EventPage> {
      const page = await log.read(id, range)
      if (page === undefined) throw new HeadwayError('JOB_NOT_FOUND', `There is no job ${id}; it may have been pruned.`)
      return page
    },
    follow: (id: JobId, how: FollowOptions): AsyncGenerator<readonly LogEvent[], void, void> => follow(log, id, how),
    finished,
    async figures(): Promise<EngineFigures> {
      return {
        worker,
        slots: work === 'none' ? 0 : concurrency,
        since,
        running: runner.running,
        watchers: log.watchers,
        watchedJobs: log.watchedJobs,
        eventsAppended,
        eventsPerSecond: rate.perSecond,
        leasesLost: runner.leasesLost,
        counts: await stores.jobs.counts(),
      }
    },
    async start() {
      stopWaking = stores.jobs.wake((ids, news) => {
        for (const id of ids) {
          // What is written to a job that runs here comes from here.
          if (!runner.isRunning(id)) log.hint(id)
          else if (news === 'request') runner.hint(id)
        }
        if (news === 'queue') runner.news()
      })
      await removeOrphans(stores)
      if (processHost !== undefined && work !== 'none') await killLeftoversOf(stores.jobs)
      stopSweeping = startSweeping({
        stores,
        clock,
        everyMs: sweepMs,
        retention: () => retentionPolicy(options.retention, [...jobTypes.values(), ...retired.values()]),
        watched: () => log.watchedFinished,
        losses: () => runner.losses,
        onSwept: (id) => {
          runner.losses.delete(id)
          log.hint(id)
        },
        onError,
        onDone: () => trouble.well(),
      })
      if (work !== 'none') runner.start()
    },
    drain: () => runner.drain(shutdownGraceMs),
    async close() {
      await runner.drain(shutdownGraceMs)
      await stopSweeping()
      stopWaking()
      await processHost?.close()
    },
  }
}

function refusal(job: StoredJob, what: JobRequest): HeadwayError {
  if (isTerminal(job.status)) return new HeadwayError('JOB_FINISHED', `Job ${job.id} is ${job.status} already; nothing is left to ${what}.`)
  return new HeadwayError('JOB_FINISHED', `Job ${job.id} is being cancelled; it can't ${what} any more.`)
}
