import { Series } from './series.js'
import type { Stamped } from './series.js'
import { numberOf, objectOf, textOf } from './wire.js'
import type { JobEvent } from './wire.js'

/** So many of a job's progress events are kept; of more, every second one. */
const MAX_POINTS = 20_000

/** How far a job is. */
export interface ProgressPoint extends Stamped {
  readonly done: number
  /** Null while it is not known. */
  readonly total: number | null
  /** 0 to 1; undefined while it is not known. */
  readonly fraction: number | undefined
  readonly message?: string
}

/** How far a job is, as its progress events tell it. */
export class ProgressPoints {
  readonly #points = new Series<ProgressPoint>(MAX_POINTS, 'thin')

  at(seq: number): ProgressPoint | undefined {
    return this.#points.at(seq)
  }

  until(seq: number): readonly ProgressPoint[] {
    return this.#points.until(seq)
  }

  take({ seq, data }: JobEvent, at: number): void {
    const said = objectOf(data)
    const done = numberOf(said['done']) ?? 0
    const total = numberOf(said['total']) ?? null
    const fraction = numberOf(said['fraction']) ?? (total !== null && total > 0 ? Math.min(1, done / total) : undefined)
    const message = textOf(said['message'])
    this.#points.push({ seq, at, done, total, fraction, ...(message !== undefined && { message }) })
  }
}

/** Below this share of the whole nothing can be said of the time that is left. */
const LEAST_FRACTION = 0.02

/** A shorter time of work tells too little, in milliseconds. */
const LEAST_MS = 3000

/** How much of the latest work an estimate is made of, in milliseconds. */
const WINDOW_MS = 60_000

/**
 * How long a job will still take at the pace of its last minute, in milliseconds; undefined while that can't be said.
 *
 * @param now milliseconds since 1970
 */
export function timeLeft(points: readonly ProgressPoint[], now: number): number | undefined {
  const last = points.at(-1)
  if (last?.fraction === undefined || last.fraction < LEAST_FRACTION || last.fraction >= 1) return undefined
  let index = points.length - 1
  while (index > 0 && now - (points[index - 1]?.at ?? 0) <= WINDOW_MS) index -= 1
  const first = points[index]
  if (first?.fraction === undefined) return undefined
  const tookMs = now - first.at
  const gained = last.fraction - first.fraction
  if (tookMs < LEAST_MS || gained <= 0) return undefined
  return ((1 - last.fraction) / gained) * tookMs
}
