import { defineJob } from '@headway/core'
import type { JobContext, JobType } from '@headway/core'
import type { Json } from '@headway/protocol'
import type { z } from 'zod'
import { BOOKS_RETENTION_GROUP } from './names.js'

/** How often in a row a job goes on after its server was lost. */
const MAX_RECOVERIES = 10

/** A job type of this service: the types differ in what they take and what they do, and are run and kept alike. */
export function booksJob<Schema extends z.ZodType>(type: {
  readonly name: string
  readonly title: string
  readonly description: string
  readonly input: Schema
  readonly shownInput?: z.ZodType
  readonly concurrency: number
  readonly light?: boolean
  readonly run: (input: z.output<Schema>, ctx: JobContext) => Promise<Json>
}): JobType {
  return defineJob({
    ...type,
    service: 'books',
    jsonBlobs: ['/results', '/books', '/errors'],
    maxRecoveries: MAX_RECOVERIES,
    pausable: true,
    retentionGroup: BOOKS_RETENTION_GROUP,
  })
}
