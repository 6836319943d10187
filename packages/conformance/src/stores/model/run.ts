import type { Append, Claim, JobState, JobStore } from '@headway/core'
import { randomUUID } from 'node:crypto'
import { expect } from 'vitest'
import type { StoreFixture } from '../fixture.js'
import { LEASE_MS, append, createJob, event, existing, logOf, newJob, sweepOf, uniqueType } from '../kit.js'
import { ExpectedJob } from './expected-job.js'
import type { Owner } from './expected-job.js'
import { statusOf } from './fold.js'
import type { AppendKind, Step } from './steps.js'

interface Claimed {
  readonly claim: Claim
  readonly job: ExpectedJob
  readonly owner: Owner
  /** The last append that was written, until anything else happened to the job. */
  last: { readonly append: Append; readonly headAfter: number } | undefined
}

/** Does the steps to a store and to the model, and compares what they answer and what comes of it. */
export class ModelRun {
  readonly #fixture: StoreFixture
  readonly #type = uniqueType()
  readonly #key = uniqueType()
  readonly #jobs: ExpectedJob[] = []
  readonly #claims: Claimed[] = []
  /** The tokens of the events that were written, by job. */
  readonly #written = new Map<string, number[]>()
  #token = 0
  #now = 0

  constructor(fixture: StoreFixture) {
    this.#fixture = fixture
  }

  get #store(): JobStore {
    return this.#fixture.stores.jobs
  }

  async start(): Promise<void> {
    const { createdAt } = await createJob(this.#store, uniqueType())
    this.#now = Date.parse(createdAt)
  }

  async step(step: Step): Promise<void> {
    switch (step.do) {
      case 'create':
        return this.#create(step)
      case 'claim':
        return this.#claim(step.worker, step.limit)
      case 'append':
        return this.#append(this.#recentClaim(step.claim), step.kind, step.events, step.atHead)
      case 'repeat':
        return this.#repeat(this.#recentClaim(step.claim))
      case 'renew':
        return this.#renew()
      case 'request':
        return this.#request(step)
      case 'advance':
        this.#now += step.leases * LEASE_MS
        return await this.#fixture.advance(step.leases * LEASE_MS)
      case 'sweep':
        return this.#sweep()
    }
  }

  /** Every job, with its whole log, is as the model has it. */
  async finish(): Promise<void> {
    for (const job of this.#jobs) {
      await this.#compare(job)
      const log = await logOf(this.#store, job.id)
      expect(log.map(({ type }) => type)).toEqual(job.log)
      expect(statusOf(log)).toBe(job.status)
      const tokens = log.flatMap(({ data }) => (typeof data === 'object' && data !== null && 'token' in data ? [data.token] : []))
      expect(tokens).toEqual(this.#written.get(job.id) ?? [])
    }
    for (const { claim } of this.#claims) await this.#store.request(claim.job.id, 'cancel')
  }

  async #compare(job: ExpectedJob): Promise<void> {
    const { status, head, attempt, recoveries, request } = await existing(this.#store, job.id)
    expect({ status, head, attempt, recoveries, request }).toEqual({
      status: job.status,
      head: job.head,
      attempt: job.attempt,
      recoveries: job.recoveries,
      request: job.request,
    })
  }

  async #create({ priority, maxRecoveries, keyed }: Extract<Step, { do: 'create' }>): Promise<void> {
    const job = newJob(this.#type, { priority, maxRecoveries, ...(keyed && { concurrencyKey: this.#key, keyLimit: 1 }) })
    await this.#store.create([job])
    this.#jobs.push(new ExpectedJob(job.id, this.#jobs.length, this.#now, { priority, maxRecoveries, keyed }))
  }

  async #claim(worker: string, limit: number): Promise<void> {
    const claims = await this.#store.claim(worker, [{ type: this.#type, limit }], LEASE_MS)
    const waiting = this.#jobs
      .filter(({ status, runAt }) => status === 'queued' && runAt <= this.#now)
      .toSorted((a, b) => b.priority - a.priority || a.order - b.order)
    const taken: ExpectedJob[] = []
    for (const job of waiting) {
      if (taken.length === limit) break
      if (job.keyed && this.#jobs.some(({ holdsKey }) => holdsKey)) continue
      job.claim({ worker, expires: this.#now + LEASE_MS })
      taken.push(job)
    }
    expect(claims.map(({ job }) => job.id)).toEqual(taken.map(({ id }) => id))
    for (const [index, job] of taken.entries()) {
      const claim = claims[index]
      if (claim === undefined || job.owner === undefined) throw new Error('A claim is missing.')
      expect(claim.saved).toBe(job.saved)
      const earlier = this.#claims.filter((other) => other.job === job).map((other) => other.claim.lease.epoch)
      expect(claim.lease.epoch).toBeGreaterThan(Math.max(0, ...earlier))
      this.#forget(job)
      this.#claims.unshift({ claim, job, owner: job.owner, last: undefined })
    }
  }

  async #append(claimed: Claimed | undefined, kind: AppendKind, count: number, atHead: boolean): Promise<void> {
    if (claimed === undefined) return
    const { claim, job, owner } = claimed
    const base = atHead ? job.head : job.head - 1
    const tokens = Array.from({ length: count }, () => ++this.#token)
    const events = tokens.map((token, index) => event(base + 1 + index, 'work', { token }))
    const { type, state, release } = this.#effect(kind, job)
    if (type !== undefined) events.push(event(base + events.length + 1, type, {}))
    const checkpoint = kind === 'checkpoint' ? ++this.#token : undefined
    const sent: Append = {
      lease: claim.lease,
      base,
      batchId: randomUUID(),
      events,
      ...(checkpoint !== undefined && { checkpoint }),
      ...(state !== undefined && { state }),
      ...(release !== undefined && { release }),
    }
    const expected = !job.holds(owner, this.#now) ? 'stale' : atHead ? undefined : 'conflict'
    expect(await append(this.#store, sent)).toEqual(expected === undefined ? { ok: true } : { ok: false, code: expected })
    if (expected === undefined) {
      job.log.push(...events.map((each) => each.type))
      this.#written.set(job.id, [...(this.#written.get(job.id) ?? []), ...tokens])
      if (checkpoint !== undefined) {
        job.saved = checkpoint
        job.recoveries = 0
      }
      if (state?.fulfils !== undefined) job.fulfil(state.fulfils)
      if (release !== undefined) job.release(this.#now + release.delayMs)
      else if (kind === 'complete' || kind === 'fail' || kind === 'cancel') job.end(state?.status ?? 'failed')
      else if (state?.status !== undefined) job.status = state.status
      this.#forget(job)
      claimed.last = { append: sent, headAfter: job.head }
    }
    await this.#compare(job)
  }

  #effect(kind: AppendKind, job: ExpectedJob): { type?: string; state?: JobState; release?: NonNullable<Append['release']> } {
    if (kind === 'pause' && job.status === 'running') return { type: 'paused', state: { status: 'paused', fulfils: 'pause' } }
    if (kind === 'resume' && job.status === 'paused') return { type: 'resumed', state: { status: 'running', fulfils: 'resume' } }
    if (kind === 'complete') return { type: 'completed', state: { status: 'completed' } }
    if (kind === 'fail') return { type: 'failed', state: { status: 'failed', error: { code: 'e', message: 'm' } } }
    if (kind === 'cancel') return { type: 'cancelled', state: { status: 'cancelled', fulfils: 'cancel' } }
    if (kind !== 'release' && kind !== 'release-later') return {}
    const delayMs = kind === 'release' ? 0 : 0.5 * LEASE_MS
    return { type: 'released', release: { delayMs, reason: 'retry', attempt: job.attempt + 1 } }
  }

  /** The same batch again, while nothing else happened to the job. */
  async #repeat(claimed: Claimed | undefined): Promise<void> {
    if (claimed?.last === undefined || claimed.job.head !== claimed.last.headAfter) return
    expect(await append(this.#store, claimed.last.append)).toEqual({ ok: true })
    await this.#compare(claimed.job)
  }

  async #renew(): Promise<void> {
    const states = await this.#store.renew(
      this.#claims.map(({ claim }) => claim.lease),
      LEASE_MS,
    )
    for (const [index, { job, owner }] of this.#claims.entries()) {
      const held = job.holds(owner, this.#now)
      expect(states[index]).toMatchObject({ held })
      if (!held) continue
      expect(states[index]?.request).toBe(job.request)
      owner.expires = this.#now + LEASE_MS
    }
  }

  async #request({ job: number, what }: Extract<Step, { do: 'request' }>): Promise<void> {
    const job = this.#jobs[number % Math.max(1, this.#jobs.length)]
    if (job === undefined) return
    const result = await this.#store.request(job.id, what)
    expect(result?.outcome).toBe(job.ask(what, this.#now))
    await this.#compare(job)
  }

  async #sweep(): Promise<void> {
    const swept = await this.#store.sweep(sweepOf())
    const expected = { recovered: new Set<string>(), ended: new Set<string>() }
    for (const job of this.#jobs) {
      if (job.owner === undefined || job.owner.expires > this.#now) continue
      expected[job.recover(this.#now)].add(job.id)
      this.#forget(job)
      await this.#compare(job)
    }
    const own = new Set(this.#jobs.map(({ id }) => id))
    for (const kind of ['recovered', 'ended'] as const) expect(new Set(swept[kind].filter((id) => own.has(id)))).toEqual(expected[kind])
  }

  #recentClaim(number: number): Claimed | undefined {
    return this.#claims[number % Math.max(1, this.#claims.length)]
  }

  #forget(job: ExpectedJob): void {
    for (const claimed of this.#claims) if (claimed.job === job) claimed.last = undefined
  }
}
