import { Series } from './series.js'
import type { Stamped } from './series.js'
import { numberOf, objectOf, textOf } from './wire.js'
import type { JobEvent } from './wire.js'

/** So many figures of each kind are kept. */
const MAX_FIGURES = 20_000

/** A request to another server. Sizes are bytes, durations milliseconds. */
export interface Download extends Stamped {
  readonly url: string
  readonly method: string
  readonly status: number | undefined
  readonly durationMs: number
  readonly size: number
}

/** A look into a cache, with the sums until then. */
export interface CacheUse extends Stamped {
  readonly operation: string
  readonly hits: number
  readonly misses: number
  readonly writes: number
}

/** What a transformation of a compilation did. Counts are lines. */
export interface Transformation extends Stamped {
  readonly name: string
  readonly durationMs: number
  readonly before: number
  readonly after: number
}

/** A figure that a job tells. */
export interface Metric extends Stamped {
  readonly name: string
  readonly value: number
  readonly unit: string
  /** What it is of, in short; empty for none. */
  readonly of: string
}

/** The figures that compilations tell: requests, caches, transformations, metrics. */
export class Figures {
  readonly downloads = new Series<Download>(MAX_FIGURES)
  readonly cache = new Series<CacheUse>(MAX_FIGURES, 'thin')
  readonly transformations = new Series<Transformation>(MAX_FIGURES)
  readonly metrics = new Series<Metric>(MAX_FIGURES)
  #sums = { hits: 0, misses: 0, writes: 0 }

  take({ type, seq, data }: JobEvent, at: number): void {
    const said = objectOf(data)
    const number = (name: string): number => numberOf(said[name]) ?? 0
    const text = (name: string): string => textOf(said[name]) ?? ''
    switch (type) {
      case 'network': {
        const [durationMs, size, status] = [number('durationMs'), number('responseSize'), numberOf(said['statusCode'])]
        this.downloads.push({ seq, at, url: text('url'), method: text('method'), status, durationMs, size })
        return
      }
      case 'cache': {
        const operation = text('operation')
        const { hits, misses, writes } = this.#sums
        this.#sums = {
          hits: hits + (operation === 'hit' ? 1 : 0),
          misses: misses + (operation === 'miss' ? 1 : 0),
          writes: writes + (operation === 'write' ? 1 : 0),
        }
        this.cache.push({ seq, at, operation, ...this.#sums })
        return
      }
      case 'transformation:complete': {
        const [durationMs, before, after] = [number('durationMs'), number('inputCount'), number('outputCount')]
        this.transformations.push({ seq, at, name: text('name'), durationMs, before, after })
        return
      }
      case 'metric': {
        const of = Object.values(objectOf(said['dimensions'])).map(String).join(', ')
        this.metrics.push({ seq, at, name: text('metric'), value: number('value'), unit: text('unit'), of })
        return
      }
      default:
    }
  }
}
