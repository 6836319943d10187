import { LogEvent } from '@headway/core'
import type {
  Append,
  AppendResult,
  Claim,
  ClaimRoom,
  Created,
  EventPage,
  JobCounts,
  JobQuery,
  JobStore,
  Lease,
  LeaseState,
  NewJob,
  News,
  Page,
  ReadRange,
  RequestResult,
  RunOfJob,
  StoredJob,
  StoreFigures,
  SweepOptions,
  Swept,
  Unsubscribe,
  WorkerId,
} from '@headway/core'
import { isTerminal, STATS_MINUTES } from '@headway/protocol'
import type { JobId, JobRequest } from '@headway/protocol'
import { decodeListCursor, encodeAppend, encodeListCursor, encodeNewJob, isStorable, sizeOf, toJob, Wakes } from '@headway/store-kit'
import type { Reader } from './reader.js'
import type { Writer } from './writer.js'

/** About how much an operation holds whose arguments are small, in bytes. */
const SMALL = 256

/** Jobs and their logs in SQLite; see `JobStore`. */
export class SqliteJobStore implements JobStore {
  readonly #writer: Writer
  readonly #reader: Reader
  readonly #wakes = new Wakes()

  constructor(writer: Writer, reader: Reader) {
    this.#writer = writer
    this.#reader = reader
  }

  async create(jobs: readonly NewJob[]): Promise<readonly Created[]> {
    if (jobs.length === 0) return []
    const messages = jobs.map(encodeNewJob)
    const size = messages.reduce((sum, { input, definition }) => sum + SMALL + input.length + (definition?.length ?? 0), 0)
    const outcomes = await this.#writer.write('create', size, () => messages)
    return outcomes.map((outcome) => {
      const job = toJob(outcome.row)
      if (!outcome.created) return { created: false, job, matched: outcome.matched, sameRequest: outcome.sameRequest }
      this.#wakes.add(job.id, 'queue')
      return { created: true, job }
    })
  }

  async get(id: JobId): Promise<StoredJob | undefined> {
    const row = await this.#reader.read('get', id)
    return row === null ? undefined : toJob(row)
  }

  async findByKey({ scope, key }: { readonly scope: string; readonly key: string }): Promise<StoredJob | undefined> {
    const row = await this.#reader.read('findByKey', { scope, key })
    return row === null ? undefined : toJob(row)
  }

  async list(query: JobQuery): Promise<Page<StoredJob>> {
    const before = decodeListCursor(query)
    // To the database, the text would end at a NUL.
    if (query.text !== undefined && !isStorable(query.text)) return { items: [], nextCursor: null }
    const { rows, next } = await this.#reader.read('list', {
      types: query.types ?? null,
      statuses: query.statuses ?? null,
      onlyOpen: query.statuses !== undefined && !query.statuses.some(isTerminal),
      text: query.text ?? null,
      parentId: query.parentId ?? null,
      createdAfter: query.createdAfter?.getTime() ?? null,
      createdBefore: query.createdBefore?.getTime() ?? null,
      limit: query.limit,
      before: before === null ? null : Number(before),
    })
    return { items: rows.map(toJob), nextCursor: next === null ? null : encodeListCursor(query, next) }
  }

  async counts(): Promise<readonly JobCounts[]> {
    return this.#reader.read('counts', null)
  }

  async figures(): Promise<StoreFigures> {
    return this.#reader.read('figures', { minutes: STATS_MINUTES })
  }

  async claim(
    worker: WorkerId,
    room: readonly ClaimRoom[],
    leaseMs: number,
    total: number = Number.MAX_SAFE_INTEGER,
  ): Promise<readonly Claim[]> {
    const claims = await this.#writer.write('claim', SMALL, () => ({ worker, room, leaseMs, total }))
    return claims.map(({ row, epoch, saved }) => {
      const job = toJob(row)
      this.#wakes.add(job.id, 'log')
      return {
        job,
        lease: { jobId: job.id, epoch, worker },
        saved: saved === null ? undefined : (JSON.parse(saved) as Claim['saved']),
      }
    })
  }

  async dueIn(types: readonly string[]): Promise<number | undefined> {
    return (await this.#reader.read('dueIn', types)) ?? undefined
  }

  async renew(leases: readonly Lease[], leaseMs: number): Promise<readonly LeaseState[]> {
    if (leases.length === 0) return []
    return this.#writer.write('renew', SMALL * leases.length, () => ({ leases, leaseMs }))
  }

  async held(runs: readonly RunOfJob[]): Promise<readonly boolean[]> {
    return runs.length === 0 ? [] : this.#reader.read('held', runs)
  }

  async append(batch: readonly Append[]): Promise<readonly AppendResult[]> {
    if (batch.length === 0) return []
    const size = batch.reduce((sum, append) => sum + sizeOf(append), 0)
    const outcomes = await this.#writer.write('append', size, () => batch.map(encodeAppend))
    return outcomes.map((outcome, index) => {
      if (outcome !== 'ok') return { ok: false, code: outcome }
      const done = batch[index]
      if (done !== undefined) this.#wakes.add(done.lease.jobId, done.release === undefined ? 'log' : 'queue')
      return { ok: true }
    })
  }

  async request(id: JobId, what: JobRequest, why?: string): Promise<RequestResult | undefined> {
    const result = await this.#writer.write('request', SMALL, () => ({ id, what, why: why ?? null }))
    if (result === null) return undefined
    if (result.news !== null) this.#wakes.add(id, result.news)
    return { outcome: result.outcome, job: toJob(result.row) }
  }

  async read(id: JobId, range: ReadRange): Promise<EventPage | undefined> {
    const { after, types, maxEvents, maxBytes } = range
    const page = await this.#reader.read('read', { id, after, types: types ?? null, maxEvents, maxBytes })
    if (page === null) return undefined
    const { lines, next, head, closed } = page
    const events = lines === '' ? [] : lines.split('\n').map((line) => LogEvent.decode(line))
    // Pruning takes whole jobs, so a log that is there is there from its beginning.
    return { events, next, head, closed, earliest: 1 }
  }

  async sweep(options: SweepOptions): Promise<Swept> {
    const swept = await this.#writer.write('sweep', SMALL, () => options)
    for (const ids of [swept.recovered, swept.ended]) for (const id of ids) this.#wakes.add(id, 'queue')
    for (const id of swept.pruned) this.#wakes.add(id, 'log')
    return swept
  }

  wake(listener: (ids: readonly JobId[], news: News) => void): Unsubscribe {
    return this.#wakes.subscribe(listener)
  }
}
