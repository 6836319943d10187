import { defineJob } from '@headway/core'
import type { JobContext, JobType, StoredJob } from '@headway/core'
import type { Json } from '@headway/protocol'
import type { z } from 'zod'
import type { Computations } from './computations.js'
import type { Figures } from './figures.js'
import { sealedInput } from './sealed-input.js'

/** Compile jobs and batches are kept or removed together: their `retentionGroup`. */
export const FILTERS_RETENTION_GROUP = 'filters'

/** How often in a row a compilation begins again because its server was lost. */
const MAX_RECOVERIES = 10

/** How many jobs of a type are looked after at a time: they mostly wait, for the compiler's threads are what is limited. */
const MAX_JOBS = 1000

/** What the jobs of this service work with. */
export interface FiltersJobOptions {
  /** There when the service has started. */
  readonly computations: Promise<Computations>
  readonly figures: Figures
  /** A job that is paused for longer gives its thread back, and begins again when it is resumed. In milliseconds. */
  readonly maxRestMs: number
  /** Told of every new job. */
  readonly onCreated: (job: StoredJob) => void
}

/** A job type of this service: the types differ in what they take and what they do, and are run, kept and measured alike. */
export function filtersJob<Schema extends Parameters<typeof sealedInput>[0]>(
  { computations, figures, maxRestMs, onCreated }: FiltersJobOptions,
  type: {
    readonly name: string
    readonly title: string
    readonly description: string
    readonly input: Schema
    /** Where in the result the rules are. */
    readonly jsonBlobs: readonly string[]
    readonly run: (input: z.output<Schema>, ctx: JobContext, computations: Computations) => Promise<Json>
  },
): JobType {
  const key = computations.then((started) => started.key)
  return defineJob({
    name: type.name,
    title: type.title,
    description: type.description,
    service: 'filters',
    input: sealedInput(type.input, key),
    concurrency: MAX_JOBS,
    light: true,
    jsonBlobs: type.jsonBlobs,
    maxRestMs,
    maxRecoveries: MAX_RECOVERIES,
    pausable: true,
    retentionGroup: FILTERS_RETENTION_GROUP,
    definition: () => ({ createdAt: new Date().toISOString() }),
    onCreated,
    run: (input, ctx) => figures.measured(ctx, async () => type.run(input, ctx, await computations)),
  })
}
