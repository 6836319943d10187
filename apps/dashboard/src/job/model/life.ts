import { Series } from './series.js'
import type { Stamped } from './series.js'
import { numberOf, objectOf, textOf } from './wire.js'
import type { JobError, JobEvent, JobStatus, Json } from './wire.js'

/** So many changes of a job's life are kept; of more, every second one, and always the last. */
const MAX_CHANGES = 20_000

/** What holds of a job from an event of the engine until the next one. */
export interface LifeMoment extends Stamped {
  readonly status: JobStatus
  readonly attempt: number
  readonly recoveries: number
  readonly worker?: string
  /** A worker holds the job, also while it is paused. */
  readonly isHeld: boolean
  readonly startedAt?: number
  readonly finishedAt?: number
  /** A cancel was asked for, and the work is being stopped. */
  readonly cancelling: boolean
  /** Why it is so: of a pause, a cancel, a release, a recovery. */
  readonly reason?: string
  /** When it runs next, where it waits for that. */
  readonly runAt?: number
  readonly error?: JobError
  readonly result?: Json
  /** What the work said of its end, where it was cancelled. */
  readonly details?: Json
  /** The type of the event. */
  readonly event: string
}

const BEFORE: LifeMoment = {
  seq: 0,
  at: 0,
  status: 'queued',
  attempt: 0,
  recoveries: 0,
  isHeld: false,
  cancelling: false,
  event: 'created',
}

/** The life of a job: its status and all that goes with it, as the engine's own events tell it. */
export class Life {
  readonly #moments = new Series<LifeMoment>(MAX_CHANGES, 'thin')
  #now: LifeMoment = BEFORE

  /** What holds at `seq`. */
  at(seq: number): LifeMoment {
    return this.#moments.at(seq) ?? BEFORE
  }

  /** All changes until `seq`. */
  until(seq: number): readonly LifeMoment[] {
    return this.#moments.until(seq)
  }

  /** @returns whether the event is one of the engine's */
  take(event: JobEvent, at: number): boolean {
    const change = changeOf(event, this.#now, at)
    if (change === undefined) return false
    // What one event says of itself holds until the next one only.
    const { reason: _reason, runAt: _runAt, error: _error, details: _details, ...before } = this.#now
    this.#now = { ...before, ...change, seq: event.seq, at, event: event.type }
    this.#moments.push(this.#now)
    return true
  }
}

/** What holds of a job that is over. */
const OVER = { isHeld: false, cancelling: false } as const

function changeOf({ type, data }: JobEvent, now: LifeMoment, at: number): Partial<LifeMoment> | undefined {
  const said = objectOf(data)
  const reason = textOf(said['reason'])
  const why = reason === undefined ? {} : { reason }
  switch (type) {
    case 'created':
      return { status: 'queued' }
    case 'claimed': {
      const worker = textOf(said['worker'])
      return {
        status: 'running',
        isHeld: true,
        attempt: numberOf(said['attempt']) ?? now.attempt,
        recoveries: numberOf(said['recoveries']) ?? now.recoveries,
        startedAt: now.startedAt ?? at,
        ...(worker !== undefined && { worker }),
      }
    }
    case 'released':
    case 'recovered': {
      const runAt = Date.parse(textOf(said['runAt']) ?? '')
      // A job that was paused when its worker was lost stays so.
      const status = type === 'recovered' && now.status === 'paused' ? 'paused' : 'queued'
      const recoveries = numberOf(said['recoveries']) ?? now.recoveries
      const error = said['error'] === undefined ? {} : { error: said['error'] as unknown as JobError }
      return { status, isHeld: false, recoveries, ...why, ...error, ...(runAt > at && { runAt }) }
    }
    case 'cancelling':
      return { cancelling: true, ...why }
    case 'paused':
      return { status: 'paused', ...why }
    case 'resumed':
      // Where no worker has it, it waits for one again.
      return { status: now.isHeld ? 'running' : 'queued', ...why }
    case 'completed':
      return { status: 'completed', ...OVER, finishedAt: at, ...(said['result'] !== undefined && { result: said['result'] }) }
    case 'failed':
      return { status: 'failed', ...OVER, finishedAt: at, error: said['error'] as unknown as JobError }
    case 'cancelled':
      return {
        status: 'cancelled',
        ...OVER,
        finishedAt: at,
        ...why,
        ...(said['details'] !== undefined && { details: said['details'] }),
      }
    default:
      return undefined
  }
}
