import { LogEvent, StoreError } from '@headway/core'
import type { Append, Claim, JobStore } from '@headway/core'
import type { JobId } from '@headway/protocol'
import { randomUUID } from 'node:crypto'
import { expect, vi } from 'vitest'

/** Short, so that a job whose owner is not known is soon somebody's again. In milliseconds. */
export const LEASE_MS = 3_000

/** How many appends a job has before it ends. */
const APPENDS = 20

/** What was acknowledged of one job: the text of each event, by its seq. */
interface Acknowledged {
  readonly events: Map<number, string>
  ended: boolean
}

/**
 * Workers that make jobs, run and end them as the engine does: what fails with `unavailable` is asked again, with the same ids, until it is known what became of it. It
 * remembers all that was acknowledged.
 */
export class Load {
  /** How many appends were acknowledged. */
  appends = 0
  /** Why calls failed: the database was away. */
  readonly failures: string[] = []
  readonly #type = `load-${randomUUID().slice(0, 8)}`
  readonly #acknowledged = new Map<JobId, Acknowledged>()
  readonly #running: Promise<void>[]
  #isOver = false
  #error: unknown

  /** @param nodes each with so many workers, which take one another's jobs */
  constructor(nodes: readonly JobStore[], workers = 4) {
    this.#running = nodes.flatMap((jobs, node) =>
      Array.from({ length: workers }, (_, index) =>
        this.#work(jobs, `worker-${node}-${index}`).catch((error: unknown) => {
          this.#error ??= error
        }),
      ),
    )
  }

  /** Resolves when so many more appends were acknowledged. */
  async goesOn(appends = 50): Promise<void> {
    const before = this.appends
    await vi.waitFor(
      () => {
        if (this.#error !== undefined) throw this.#error
        expect(this.appends).toBeGreaterThanOrEqual(before + appends)
      },
      { timeout: 30_000, interval: 20 },
    )
  }

  /** Resolves when a call has failed from now on. */
  async notices(): Promise<void> {
    const before = this.failures.length
    await vi.waitFor(() => expect(this.failures.length).toBeGreaterThan(before), { timeout: 30_000, interval: 20 })
  }

  /** Lets the workers end their jobs. Throws what went wrong in them. */
  async end(): Promise<void> {
    this.#isOver = true
    await Promise.all(this.#running)
    if (this.#error !== undefined) throw this.#error
  }

  /** All that was acknowledged is there, once and in its place, and every log is dense, with one end. */
  async verify(jobs: JobStore): Promise<void> {
    expect(this.#acknowledged.size).toBeGreaterThan(0)
    for (const [id, { events, ended }] of this.#acknowledged) {
      const log = await logOf(jobs, id)
      expect(log.map(({ seq }) => seq)).toEqual(log.map((_, index) => index + 1))
      for (const [seq, text] of events) expect(log[seq - 1]?.line).toContain(text)
      const texts = log.flatMap(({ line }) => /text-[0-9a-f-]{36}/.exec(line) ?? [])
      expect(new Set(texts).size).toBe(texts.length)
      const ends = log.filter(({ type }) => type === 'completed')
      expect(ends.length).toBe(ended ? 1 : ends.length)
      if (ended) expect(log.at(-1)).toBe(ends[0])
    }
  }

  async #work(jobs: JobStore, worker: string): Promise<void> {
    while (!this.#isOver) {
      const id = randomUUID()
      await this.#ask(() => jobs.create([{ id, type: this.#type, input: null, maxRecoveries: 1000 }]))
      this.#acknowledged.set(id, { events: new Map(), ended: false })
      for (let isMine = false; !isMine;) {
        const [claim] = await this.#ask(() => jobs.claim(worker, [{ type: this.#type, limit: 1 }], LEASE_MS))
        if (claim === undefined) {
          // Another took it, or it was claimed by an answer that was lost: its lease ends.
          const job = await this.#ask(() => jobs.get(id))
          if (job === undefined) throw new Error(`The job ${id} was acknowledged and is not there.`)
          isMine = job.status !== 'queued'
          await this.#sweep(jobs)
        } else {
          isMine = claim.job.id === id
          await this.#run(jobs, claim)
        }
      }
    }
    await this.#endAll(jobs, worker)
  }

  /** Until every job has its end: also those whose owner gave up. */
  async #endAll(jobs: JobStore, worker: string): Promise<void> {
    const isOpen = (): boolean => [...this.#acknowledged.values()].some(({ ended }) => !ended)
    for (const deadline = Date.now() + 5 * LEASE_MS; isOpen();) {
      if (Date.now() > deadline) throw new Error('Jobs without an owner are not given to another.')
      await this.#sweep(jobs)
      const [claim] = await this.#ask(() => jobs.claim(worker, [{ type: this.#type, limit: 1 }], LEASE_MS))
      if (claim !== undefined) await this.#run(jobs, claim)
      for (const [id, known] of this.#acknowledged) {
        if (!known.ended) known.ended = (await this.#ask(() => jobs.get(id)))?.status === 'completed'
      }
    }
  }

  /** To its end, or until its lease was lost. */
  async #run(jobs: JobStore, claim: Claim): Promise<void> {
    const { id } = claim.job
    const known = this.#acknowledged.get(id) ?? { events: new Map<number, string>(), ended: false }
    this.#acknowledged.set(id, known)
    let { head } = claim.job
    for (let turn = 0; turn < APPENDS; turn += 1) {
      const isLast = turn === APPENDS - 1
      const text = `text-${randomUUID()}`
      const event = LogEvent.encode(head + 1, Date.now(), isLast ? 'completed' : 'work', JSON.stringify({ text }))
      const append: Append = {
        lease: claim.lease,
        base: head,
        batchId: randomUUID(),
        events: [event],
        checkpoint: { turn },
        ...(isLast && { state: { status: 'completed' as const } }),
      }
      const [result] = await this.#ask(() => jobs.append([append]))
      if (result === undefined || !result.ok) {
        // Only a lease that ended makes it stale: this worker has the head right.
        expect(result).toEqual({ ok: false, code: 'stale' })
        return
      }
      head += 1
      known.events.set(head, text)
      known.ended = isLast
      this.appends += 1
      await this.#ask(() => jobs.renew([claim.lease], LEASE_MS))
    }
  }

  #sweep(jobs: JobStore): Promise<unknown> {
    return this.#ask(() => jobs.sweep({ limit: 100, retention: { default: {} }, watched: [], watchedGraceMs: 0 }))
  }

  /** Until it is answered; only trouble with the database may keep it from that. */
  async #ask<T>(call: () => Promise<T>): Promise<T> {
    for (;;) {
      try {
        return await call()
      } catch (error) {
        if (!(error instanceof StoreError) || !['unavailable', 'full'].includes(error.code)) throw error
        this.failures.push(error.message)
        await new Promise((resolve) => setTimeout(resolve, 20))
      }
    }
  }
}

/** The whole log. */
export async function logOf(jobs: JobStore, id: JobId): Promise<readonly LogEvent[]> {
  const events: LogEvent[] = []
  for (let after = 0; ;) {
    const page = await jobs.read(id, { after, maxEvents: 1000, maxBytes: 1024 * 1024 })
    if (page === undefined) throw new Error(`There is no job ${id}.`)
    events.push(...page.events)
    if (page.next >= page.head) return events
    after = page.next
  }
}
