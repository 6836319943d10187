import type { Follow, FollowedEvent } from '@headway/client'
import { JobRecord } from './job-record.js'
import { nextFrame, SliceQueue } from './slice-queue.js'
import type { Reset } from './wire.js'

/** What a page sees of a job that is followed; made anew with each change. */
export interface FeedState {
  readonly record: JobRecord
  /** Grows with each change of the record, which is one object for all of them. */
  readonly version: number
  readonly connection: Follow['state']
  /** The last event has come. */
  readonly ended: boolean
  /** Why the following ended before. */
  readonly error: Error | undefined
  /** History is gone: what the page had was thrown away. */
  readonly reset: Reset | undefined
}

/** Follows a job and folds its log into a record, a slice at a time; whoever shows it is told at most once a frame. */
export class JobFeed {
  readonly #open: (after: number) => Follow
  readonly #listeners = new Set<() => void>()
  readonly #queue = new SliceQueue<FollowedEvent>(
    (event) => this.#take(event),
    () => this.#changed(),
    nextFrame,
  )
  #close: (() => void) | undefined
  #ended: { readonly error?: Error } | undefined
  #state: FeedState = {
    record: new JobRecord(),
    version: 0,
    connection: 'connecting',
    ended: false,
    error: undefined,
    reset: undefined,
  }

  /** @param open begins to follow the job behind a seq; 0 for all of its log */
  constructor(open: (after: number) => Follow) {
    this.#open = open
  }

  get state(): FeedState {
    return this.#state
  }

  /** The first listener begins the following, the last one that goes ends it. @returns what ends it */
  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    if (this.#close === undefined) this.#start()
    return () => {
      this.#listeners.delete(listener)
      // Components that are mounted anew at once go on with the same connection.
      setTimeout(() => this.#listeners.size === 0 && this.#stop(), 0)
    }
  }

  readonly snapshot = (): FeedState => this.#state

  /** Follows again after an error, behind what has come. */
  readonly again = (): void => {
    if (this.#state.error === undefined) return
    this.#close?.()
    this.#ended = undefined
    this.#state = { ...this.#state, ended: false, error: undefined }
    this.#start()
  }

  #start(): void {
    const follow = this.#open(this.#state.record.head)
    const offState = follow.onState((connection) => this.#changed({ connection }))
    const offEvents = follow.subscribe(
      (events) => this.#queue.push(events),
      (error) => {
        this.#ended = error === undefined ? {} : { error }
        if (this.#queue.waiting === 0) this.#changed()
      },
    )
    this.#close = () => {
      offState()
      offEvents()
      follow.close()
    }
    this.#changed({ connection: follow.state })
  }

  #stop(): void {
    this.#close?.()
    this.#close = undefined
    this.#queue.clear()
    this.#ended = undefined
    // Who comes again begins anew: the follow starts from the beginning of the log.
    this.#state = { ...this.#state, record: new JobRecord(), ended: false, error: undefined, reset: undefined }
  }

  #take(event: FollowedEvent): void {
    if (!('seq' in event)) {
      this.#state = { ...this.#state, record: new JobRecord(), reset: event }
      return
    }
    this.#state.record.take(event)
  }

  #changed(change: Partial<FeedState> = {}): void {
    const over = this.#queue.waiting === 0 && this.#ended !== undefined
    const end = over ? { ended: true, error: this.#ended?.error } : {}
    this.#state = { ...this.#state, ...change, ...end, version: this.#state.version + 1 }
    for (const listener of this.#listeners) listener()
  }
}
