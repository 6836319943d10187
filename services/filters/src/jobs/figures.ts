import type { JobContext } from '@headway/core'
import { StopReason } from '@headway/core'
import { z } from 'zod'
import type { ComputationEvent } from './event-history.js'
import { Waits } from './waits.js'

/** What is counted of compilations, for `/metrics`. */
export interface FigureListener {
  /** A job ended. `seconds` since it began. */
  ended(outcome: 'completed' | 'failed' | 'cancelled', seconds: number): void
  /** A computation says something. */
  heard(event: ComputationEvent): void
}

/** How many of the latest jobs the averages are made of. */
const REMEMBERED = 100

const definitionSchema = z.object({ createdAt: z.iso.datetime() })

/** How long compilations take, and wait. Of this server since its start. */
export class Figures {
  /** Who waits for a thread now. */
  readonly waits = new Waits()
  readonly #processingMs: number[] = []
  readonly #waitedMs: number[] = []
  #listener: FigureListener | undefined

  listen(listener: FigureListener): void {
    this.#listener = listener
  }

  heard(event: ComputationEvent): void {
    this.#listener?.heard(event)
  }

  /** Of the latest jobs that ended, in milliseconds; 0 when there were none. */
  get averageProcessingMs(): number {
    return average(this.#processingMs)
  }

  /** How long the latest jobs waited in the queue, in milliseconds; 0 when there were none. */
  get averageWaitMs(): number {
    return average(this.#waitedMs)
  }

  /** Runs the work of a job and measures it. */
  async measured<T>(ctx: JobContext, work: () => Promise<T>): Promise<T> {
    const startedAt = performance.now()
    if (ctx.epoch === 1) {
      const created = definitionSchema.safeParse(ctx.definition)
      if (created.success) remember(this.#waitedMs, Math.max(0, Date.now() - Date.parse(created.data.createdAt)))
    }
    let outcome: 'completed' | 'failed' | 'cancelled' | undefined = 'failed'
    try {
      const made = await work()
      outcome = 'completed'
      return made
    } catch (error) {
      const { reason } = ctx.signal
      if (ctx.signal.aborted) outcome = reason instanceof StopReason && reason.kind === 'cancelled' ? 'cancelled' : undefined
      throw error
    } finally {
      if (outcome !== undefined) {
        const ms = performance.now() - startedAt
        remember(this.#processingMs, ms)
        this.#listener?.ended(outcome, ms / 1000)
      }
    }
  }
}

function remember(values: number[], value: number): void {
  values.push(value)
  if (values.length > REMEMBERED) values.shift()
}

function average(values: readonly number[]): number {
  return values.length === 0 ? 0 : Math.round(values.reduce((sum, value) => sum + value, 0) / values.length)
}
