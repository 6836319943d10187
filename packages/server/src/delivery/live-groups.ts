import { setImmediate as nextTurn } from 'node:timers/promises'
import type { LogEvent } from '@headway/core'
import type { JobId, Seq } from '@headway/protocol'
import type { DeliveryEngine } from './delivery.js'
import type { ImmutableJob } from './dialect.js'
import type { Encoder, Piece } from './encode.js'
import type { Relay } from './relay.js'

/** How many events a watcher may be ahead of a group that it joins: so many it waits for at most until the group is as far. */
const MAX_LEAD = 256

/** How long members are written to before something else may run, in milliseconds: thousands of them must not hold up jobs and requests. */
const MAX_TURN_MS = 1

/** So many members are written to between two looks at the clock. */
const MEMBERS_A_LOOK = 16

/**
 * Watchers of one job in one dialect that are all at the end of its log. One follow serves all of them: what is new is encoded once and
 * written to each, so that a watcher costs little more than its write, and next to nothing while nothing happens. What is committed while many are
 * written to goes out together in the next round.
 *
 * No one misses or repeats anything: the group's cursor moves before the first member is given the events up to it, a watcher joins with a cursor at
 * or after the group's, and each member drops what it has.
 */
export class LiveGroup<Chunk> {
  #cursor: Seq
  readonly #members = new Set<Relay<Chunk>>()
  readonly #controller = new AbortController()
  /** Told when nobody can join any more. */
  readonly #over: () => void

  constructor(cursor: Seq, over: () => void) {
    this.#cursor = cursor
    this.#over = over
  }

  add(relay: Relay<Chunk>): void {
    this.#members.add(relay)
  }

  delete(relay: Relay<Chunk>): void {
    this.#members.delete(relay)
    if (this.#members.size > 0) return
    this.#over()
    this.#controller.abort()
  }

  /** Whether a watcher with this cursor can join. */
  fits(after: Seq): boolean {
    return after >= this.#cursor && after <= this.#cursor + MAX_LEAD
  }

  /** Follows until the log's end, or until all have left. Where the log can't be read, each member goes on alone: it has words for what is wrong. */
  async run(engine: DeliveryEngine, encoder: Encoder<Chunk>, job: ImmutableJob): Promise<void> {
    try {
      for await (const events of engine.follow(job.id, { after: this.#cursor, signal: this.#controller.signal })) {
        const pieces = encoder.encode(events, job)
        this.#cursor = events.at(-1)?.seq ?? this.#cursor
        await this.#give(events, pieces)
      }
      this.#over()
      for (const member of this.#members) member.finish()
    } catch {
      this.#over()
      for (const member of this.#members) member.leaveGroup()
    }
  }

  async #give(events: readonly LogEvent[], pieces: readonly Piece<Chunk>[]): Promise<void> {
    let given = 0
    let turnBegan = performance.now()
    for (const member of this.#members) {
      member.take(events, pieces)
      given += 1
      if (given % MEMBERS_A_LOOK !== 0 || performance.now() - turnBegan < MAX_TURN_MS) continue
      await nextTurn()
      turnBegan = performance.now()
    }
  }
}

/** The groups of one server. */
export class LiveGroups {
  readonly #engine: DeliveryEngine
  readonly #groups = new WeakMap<object, Map<JobId, LiveGroup<never>>>()

  constructor(engine: DeliveryEngine) {
    this.#engine = engine
  }

  /**
   * Adds a watcher to the group of its job and encoder. Where there is none, it is the first of one, if it has all events up to
   * `head`. Undefined: it is not far enough.
   */
  join<Chunk>(relay: Relay<Chunk>, encoder: Encoder<Chunk>, job: ImmutableJob, head: Seq): LiveGroup<Chunk> | undefined {
    const groups = this.#of(encoder)
    const there = groups.get(job.id)
    if (there === undefined ? relay.after < head : !there.fits(relay.after)) return undefined
    const group: LiveGroup<Chunk> =
      there ??
      new LiveGroup(relay.after, () => {
        if (groups.get(job.id) === group) groups.delete(job.id)
      })
    group.add(relay)
    if (there === undefined) {
      groups.set(job.id, group)
      void group.run(this.#engine, encoder, job)
    }
    return group
  }

  #of<Chunk>(encoder: Encoder<Chunk>): Map<JobId, LiveGroup<Chunk>> {
    let groups = this.#groups.get(encoder) as Map<JobId, LiveGroup<Chunk>> | undefined
    if (groups === undefined) {
      groups = new Map()
      this.#groups.set(encoder, groups as Map<JobId, LiveGroup<never>>)
    }
    return groups
  }
}
