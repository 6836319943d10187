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
import { STATS_MINUTES } from '@headway/protocol'
import type { JobId, JobRequest } from '@headway/protocol'
import { encodeAppend, encodeNewJob, isStorable, sizeOf } from '@headway/store-kit'
import type { Wakes } from '@headway/store-kit'
import type { AppendMessage, NewJobMessage } from '@headway/store-kit/rules'
import type { Database, Runner } from '../database/database.js'
import type { Notifier } from '../news/notifier.js'
import { prepareFigures } from '../reader/figures.js'
import { prepareList } from '../reader/list.js'
import { prepareLooks } from '../reader/looks.js'
import type { Looks } from '../reader/looks.js'
import { PageReader } from '../reader/read-pages.js'
import { isUuid } from '../rows.js'
import { isByRule, prepareAppendByRule } from '../writer/append-by-rule.js'
import { byJob, prepareAppend } from '../writer/append.js'
import type { Appended } from '../writer/append.js'
import { prepareApply } from '../writer/apply.js'
import { prepareClaim } from '../writer/claim.js'
import { prepareCreate } from '../writer/create.js'
import type { CreateOutcome } from '../writer/create.js'
import { prepareKeys } from '../writer/keys.js'
import type { Keys } from '../writer/keys.js'
import { prepareRenew } from '../writer/renew.js'
import { prepareRequest } from '../writer/request.js'
import { prepareSweep } from '../writer/sweep.js'
import { GroupCommit } from './group-commit.js'
import type { GroupLimits } from './group-commit.js'

/** About how much an operation holds beside its texts, in bytes. */
const SMALL = 256

export interface JobStoreOptions {
  readonly db: Database
  readonly wakes: Wakes
  readonly notifier: Notifier
  readonly groups: GroupLimits
  /** Removes what is over in the key-value store; a part of each sweep. */
  readonly removeExpired: () => Promise<unknown>
}

/** Jobs and their logs in PostgreSQL; see `JobStore`. */
export class PostgresJobStore implements JobStore {
  readonly #wakes: Wakes
  readonly #notifier: Notifier
  readonly #keys: Keys
  readonly #appends: GroupCommit<AppendMessage, Appended>
  readonly #creations: GroupCommit<NewJobMessage, CreateOutcome>
  readonly #pages: PageReader
  readonly #looks: Looks
  readonly list: (query: JobQuery) => Promise<Page<StoredJob>>
  readonly figures: () => Promise<StoreFigures>
  readonly #claim: ReturnType<typeof prepareClaim>
  readonly #renew: ReturnType<typeof prepareRenew>
  readonly #request: ReturnType<typeof prepareRequest>
  readonly #sweep: ReturnType<typeof prepareSweep>

  constructor({ db, wakes, notifier, groups, removeExpired }: JobStoreOptions) {
    this.#wakes = wakes
    this.#notifier = notifier
    this.#keys = prepareKeys(db)
    const apply = prepareApply(db)
    this.#appends = new GroupCommit(groups, appendGroup(db, prepareAppend(db), prepareAppendByRule(db, apply)))
    this.#creations = new GroupCommit(groups, prepareCreate(db))
    this.#pages = new PageReader(db)
    this.#looks = prepareLooks(db)
    this.list = prepareList(db)
    this.figures = prepareFigures(db, STATS_MINUTES)
    this.#claim = prepareClaim(db, this.#keys)
    this.#renew = prepareRenew(db)
    this.#request = prepareRequest(db, apply)
    this.#sweep = prepareSweep(db, { apply, keys: this.#keys, removeExpired })
  }

  async create(jobs: readonly NewJob[]): Promise<readonly Created[]> {
    const messages = jobs.map(encodeNewJob)
    return Promise.all(
      messages.map(async (message) => {
        const { id, idempotency, input, definition } = message
        // Creations under one key go one after the other, so that the first makes the job.
        const key = idempotency === null ? id : JSON.stringify([idempotency.scope, idempotency.key])
        const created = await this.#creations.add(key, SMALL + 2 * input.length + (definition?.length ?? 0), message)
        if (created.created) this.#tell(created.job.id, 'queue')
        return created
      }),
    )
  }

  async get(id: JobId): Promise<StoredJob | undefined> {
    return isUuid(id) ? this.#looks.get(id) : undefined
  }

  async findByKey({ scope, key }: { readonly scope: string; readonly key: string }): Promise<StoredJob | undefined> {
    return isStorable(scope) && isStorable(key) ? this.#looks.findByKey(scope, key) : undefined
  }

  counts(): Promise<readonly JobCounts[]> {
    return this.#looks.counts()
  }

  async claim(
    worker: WorkerId,
    room: readonly ClaimRoom[],
    leaseMs: number,
    total: number = Number.MAX_SAFE_INTEGER,
  ): Promise<readonly Claim[]> {
    const claims = await this.#claim(worker, room, leaseMs, total)
    for (const { job } of claims) this.#tell(job.id, 'log')
    return claims
  }

  dueIn(types: readonly string[]): Promise<number | undefined> {
    return this.#looks.dueIn(types)
  }

  async renew(leases: readonly Lease[], leaseMs: number): Promise<readonly LeaseState[]> {
    return leases.length === 0 ? [] : this.#renew(leases, leaseMs)
  }

  async held(runs: readonly RunOfJob[]): Promise<readonly boolean[]> {
    return runs.length === 0 ? [] : this.#looks.held(runs)
  }

  async append(batch: readonly Append[]): Promise<readonly AppendResult[]> {
    return Promise.all(
      batch.map(async (append): Promise<AppendResult> => {
        const { jobId } = append.lease
        if (!isUuid(jobId)) return { ok: false, code: 'stale' }
        const { outcome, leftKey } = await this.#appends.add(jobId, sizeOf(append), encodeAppend(append))
        if (outcome !== 'ok') return { ok: false, code: outcome }
        const freed = leftKey !== null && (await this.#unblock(leftKey))
        this.#tell(jobId, freed || append.release !== undefined ? 'queue' : 'log')
        return { ok: true }
      }),
    )
  }

  async request(id: JobId, what: JobRequest, why?: string): Promise<RequestResult | undefined> {
    if (!isUuid(id)) return undefined
    // The database's texts have no NUL.
    const requested = await this.#request(id, what, why?.replaceAll('\0', '\ufffd') ?? null)
    if (requested === undefined) return undefined
    if (requested.leftKey !== undefined) await this.#unblock(requested.leftKey)
    if (requested.news !== undefined) this.#tell(id, requested.news)
    return requested.result
  }

  read(id: JobId, range: ReadRange): Promise<EventPage | undefined> {
    return this.#pages.read(id, range)
  }

  async sweep(options: SweepOptions): Promise<Swept> {
    const { recovered, ended, pruned, more } = await this.#sweep(options)
    for (const ids of [recovered, ended]) for (const id of ids) this.#tell(id, 'queue')
    for (const id of pruned) this.#tell(id, 'log')
    return { recovered, ended, pruned, more }
  }

  wake(listener: (ids: readonly JobId[], news: News) => void): Unsubscribe {
    return this.#wakes.subscribe(listener)
  }

  /** Takes nothing more, and resolves when what was taken is committed. */
  async close(): Promise<void> {
    await Promise.all([this.#appends.close(), this.#creations.close()])
  }

  /** Here and at the other nodes. */
  #tell(id: JobId, news: News): void {
    this.#wakes.add(id, news)
    this.#notifier.add(id, news)
  }

  /** The end of a job stands, whatever becomes of those that wait for its place: where this fails, a sweep does it. */
  async #unblock(key: string): Promise<boolean> {
    return this.#keys.unblock(key).catch(() => false)
  }
}

/** Appends that depend on what is asked of their job are few; each is a transaction of its own. */
function appendGroup(
  db: Database,
  append: ReturnType<typeof prepareAppend>,
  appendByRule: ReturnType<typeof prepareAppendByRule>,
): (messages: readonly AppendMessage[]) => Promise<readonly Appended[]> {
  // A repetition is known by its batch id.
  const runner: Runner = { run: (statement, values = []) => db.run(statement, values, { repeatable: true }) }
  return async (messages) => {
    const results = new Map<AppendMessage, Appended>()
    const plain = messages.filter((message) => !isByRule(message)).toSorted(byJob)
    const work: Promise<unknown>[] = messages
      .filter(isByRule)
      .map(async (message) => results.set(message, await db.transaction((tx) => appendByRule(tx, message), { repeatable: true })))
    if (plain.length > 0) {
      work.push(
        append(runner, plain).then((all) => {
          for (const [index, message] of plain.entries()) {
            const one = all[index]
            if (one !== undefined) results.set(message, one)
          }
        }),
      )
    }
    await Promise.all(work)
    return messages.map((message) => results.get(message) ?? { outcome: 'stale', leftKey: null })
  }
}
