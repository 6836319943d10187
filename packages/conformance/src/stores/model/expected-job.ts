import { isTerminal } from '@headway/protocol'
import type { JobRequest, JobStatus } from '@headway/protocol'

/** The lease that a claim of the random test got, with what came of it. */
export interface Owner {
  readonly worker: string
  expires: number
}

/** A job as the simple model has it: no epochs, no batches; an owner is an object, and a lease is over when the job has another. */
export class ExpectedJob {
  readonly id: string
  readonly order: number
  readonly priority: number
  readonly maxRecoveries: number
  readonly keyed: boolean
  status: JobStatus = 'queued'
  attempt = 0
  recoveries = 0
  runAt: number
  owner: Owner | undefined
  holdsKey = false
  request: JobRequest | undefined
  saved: number | undefined
  /** The types of the log's events. */
  readonly log: string[] = ['created']

  constructor(id: string, order: number, runAt: number, options: { priority: number; maxRecoveries: number; keyed: boolean }) {
    this.id = id
    this.order = order
    this.runAt = runAt
    this.priority = options.priority
    this.maxRecoveries = options.maxRecoveries
    this.keyed = options.keyed
  }

  get head(): number {
    return this.log.length
  }

  get isOver(): boolean {
    return isTerminal(this.status)
  }

  holds(owner: Owner, now: number): boolean {
    return this.owner === owner && owner.expires > now
  }

  claim(owner: Owner): void {
    this.status = 'running'
    this.attempt = Math.max(1, this.attempt)
    this.owner = owner
    this.holdsKey = this.keyed
    this.log.push('claimed')
  }

  end(status: JobStatus, event?: string): void {
    this.free()
    this.status = status
    if (event !== undefined) this.log.push(event)
  }

  release(runAt: number): void {
    const cancelled = this.request === 'cancel'
    const staysPaused = this.request === 'pause' || (this.status === 'paused' && this.request !== 'resume')
    const held = this.holdsKey
    this.free()
    this.attempt += 1
    if (cancelled) this.end('cancelled', 'cancelled')
    else if (staysPaused) {
      this.log.push('paused')
      this.status = 'paused'
      this.runAt = runAt
      this.holdsKey = held
    } else this.queue(runAt)
  }

  /** What the sweep does to a job whose lease is over. */
  recover(now: number): 'recovered' | 'ended' {
    if (this.request === 'cancel') {
      this.end('cancelled', 'cancelled')
      return 'ended'
    }
    const pauses = this.status === 'running' && this.request === 'pause'
    const resumes = this.status === 'paused' && this.request === 'resume'
    const staysPaused = pauses || (this.status === 'paused' && !resumes)
    if (!staysPaused && this.recoveries >= this.maxRecoveries) {
      this.end('failed', 'failed')
      return 'ended'
    }
    const held = this.holdsKey
    this.free()
    this.recoveries += 1
    this.log.push('recovered')
    if (pauses) this.log.push('paused')
    if (resumes) this.log.push('resumed')
    if (staysPaused) {
      this.status = 'paused'
      this.holdsKey = held
    } else this.queue(now)
    return 'recovered'
  }

  ask(what: JobRequest, now: number): 'done' | 'requested' | 'already' | 'refused' {
    if (this.isOver) return what === 'cancel' && this.status === 'cancelled' ? 'already' : 'refused'
    if (what === 'cancel') return this.owner === undefined ? this.do(() => this.end('cancelled', 'cancelled')) : this.leaveToOwner(what)
    if (this.request === 'cancel') return 'refused'
    const opposite = what === 'pause' ? 'resume' : 'pause'
    const isPaused = this.status === 'paused'
    if (this.request === opposite) return this.do(() => (this.request = undefined))
    if (isPaused === (what === 'pause')) return isPaused ? 'already' : 'refused'
    if (this.owner !== undefined) return this.leaveToOwner(what)
    if (what === 'resume' && this.recoveries > this.maxRecoveries) return this.do(() => this.end('failed', 'failed'))
    this.log.push(what === 'pause' ? 'paused' : 'resumed')
    if (what === 'pause') return this.do(() => (this.status = 'paused'))
    this.holdsKey = false
    return this.do(() => this.queue(Math.max(this.runAt, now)))
  }

  /** The owner did what was asked; where that was withdrawn meanwhile, it is asked for the opposite. */
  fulfil(what: JobRequest): void {
    if (this.request === what) this.request = undefined
    else if (this.request === undefined) this.request = what === 'pause' ? 'resume' : 'pause'
  }

  private do(act: () => unknown): 'done' {
    act()
    return 'done'
  }

  private leaveToOwner(what: JobRequest): 'requested' | 'already' {
    if (this.request === what) return 'already'
    this.request = what
    return 'requested'
  }

  private queue(runAt: number): void {
    this.status = 'queued'
    this.runAt = runAt
  }

  private free(): void {
    this.owner = undefined
    this.holdsKey = false
    this.request = undefined
  }
}
