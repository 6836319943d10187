import type { JobRecord } from '../model/job-record.js'

/** Of a time in which nothing happens at most so much is played, in milliseconds of the person who looks. */
const MAX_IDLE_MS = 1000

/** Moves through a log at the pace in which it was written, or faster. */
export class ReplayClock {
  readonly #record: JobRecord
  #seq: number
  /** Of the log, in milliseconds since 1970. */
  #at: number

  constructor(record: JobRecord, seq: number) {
    this.#record = record
    this.#seq = seq
    this.#at = record.timeOf(seq)
  }

  /** @param ms how long it was played @param speed how many times as fast as it was @returns the seq that is reached */
  advance(ms: number, speed: number): number {
    const { head } = this.#record
    this.#at += ms * speed
    if (this.#seq < head) {
      const wait = this.#record.timeOf(this.#seq + 1) - this.#at
      if (wait > MAX_IDLE_MS * speed) this.#at += wait - MAX_IDLE_MS * speed
    }
    while (this.#seq < head && this.#record.timeOf(this.#seq + 1) <= this.#at) this.#seq += 1
    return this.#seq
  }
}
