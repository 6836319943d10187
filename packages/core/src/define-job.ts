import { jobTypeNameSchema } from '@headway/protocol'
import type { JobCreation, Json } from '@headway/protocol'
import { z } from 'zod'
import type { JobContext } from './jobs/context.js'
import type { StoredJob } from './store/job-store.js'

/** How failed attempts are repeated. Delays grow from `minDelayMs` by `factor` up to `maxDelayMs`, with full jitter. */
export interface RetryPolicy {
  /** How often `run` may fail, the first time included. */
  readonly attempts: number
  readonly minDelayMs?: number
  readonly maxDelayMs?: number
  readonly factor?: number
}

export interface JobTypeOptions<Schema extends z.ZodType> {
  /** Lower-case words with `-`, `.` or `:` between them. */
  readonly name: string
  /** What people call it: `Shelf scan`. */
  readonly title?: string
  readonly description?: string
  /** The service that it belongs to; absent for job types of no service. */
  readonly service?: string
  /** What a creation must send. */
  readonly input: Schema
  /**
   * What people are told of the input, as a schema or as JSON Schema, where `input` itself tells too little or has members that only the
   * service says. It describes; what comes in is checked by `input`.
   */
  readonly shownInput?: z.ZodType | { readonly [member: string]: Json }
  /** How its jobs are made by clients. By `POST /jobs/{type}` where it is absent. */
  readonly creation?: JobCreation
  /** How many jobs of this type one worker runs at a time. 10 by default. */
  readonly concurrency?: number
  /** How many jobs of this type run or rest at a time, over all workers. Any number by default. */
  readonly maxRunning?: number
  /**
   * Its jobs mostly wait, for work that is limited elsewhere: they don't count among those that a worker runs at a time over all types.
   * False by default.
   */
  readonly light?: boolean
  /** Jobs with the same key share `limit`, over all types and workers. */
  readonly concurrencyKey?: (input: z.output<Schema>) => { readonly key: string; readonly limit: number } | undefined
  readonly retry?: RetryPolicy
  /** Lost workers in a row, without a checkpoint between them, that a job survives. 3 by default; 0 fails it with `worker_lost`. */
  readonly maxRecoveries?: number
  /** Whether `run` stops at `ctx.pausePoint()`. False by default: a pause is refused. */
  readonly pausable?: boolean
  /**
   * A job that rests for longer is given back, so that it holds nothing; when it is resumed it begins again, from its last checkpoint if it
   * has one. In milliseconds; absent: it keeps its place. Not for jobs that survive no lost worker.
   */
  readonly maxRestMs?: number
  /** How long a cancelled or draining job may take to end before the engine ends it. 5,000 ms by default. */
  readonly graceMs?: number
  readonly queueTimeoutMs?: number
  /** Retention counts the finished jobs of all types with the same group together; those of a type without one alone. */
  readonly retentionGroup?: string
  /**
   * Which parts of the result are references to blobs of JSON text, as JSON pointers in which `*` stands for any member: `/rules`, or
   * the empty text for the whole result. `GET /jobs/{id}/result` gives what is in the blobs in their place.
   */
  readonly jsonBlobs?: readonly string[]
  /** A fixed part of the job that later changes of its type must not reach; given to `run` as `ctx.definition`. */
  readonly definition?: (input: z.output<Schema>) => Json
  /** Told of every job of the type that this engine makes, whoever asked for it, also by a retry. Must not throw. */
  readonly onCreated?: (job: StoredJob) => void
}

/** A job type: a name, an input schema and the work. */
export interface JobType<Schema extends z.ZodType = z.ZodType> extends JobTypeOptions<Schema> {
  /**
   * Does the work and gives the job's result, which may be a BlobRef where it is large. A throw is a failed attempt.
   * Where a `thread` is given, `run` is that module's default export instead, called in a thread of its own.
   */
  readonly run?: (input: z.output<Schema>, ctx: JobContext) => Promise<Json | void> | Json | void
  /** The module of a job that uses the processor. */
  readonly thread?: URL
}

/**
 * Defines a job type.
 *
 * @throws Error when the name is not valid, or not exactly one of `run` and `thread` is given
 */
export function defineJob<Schema extends z.ZodType>(definition: JobType<Schema>): JobType<Schema> {
  const name = jobTypeNameSchema.safeParse(definition.name)
  if (!name.success) throw new Error(`"${definition.name}" can't be the name of a job type: ${z.prettifyError(name.error)}`)
  if ((definition.run === undefined) === (definition.thread === undefined)) {
    throw new Error(`Job type "${definition.name}" needs either run or thread.`)
  }
  return definition
}
