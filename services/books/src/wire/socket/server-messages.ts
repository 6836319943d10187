import { resetSchema, seqSchema } from '@headway/protocol'
import { messageOf, pascal } from '@headway/server'
import type { MessageDescription } from '@headway/server'
import { z } from 'zod'
import { EXAMPLE_BOOK, EXAMPLE_FIGURES, EXAMPLE_JOB, EXAMPLE_TIME } from '../examples.js'
import { jobErrorSchema } from '../job-view.js'

const count = z.int().nonnegative()

/** What every message of the job carries. */
const ofJob = {
  jobId: z.uuid(),
  seq: z.union([seqSchema, z.string().regex(/^\d{1,15}\.\d{1,3}$/)]).describe('The last one received is the `after` of a `ready`'),
}
const figures = { progress: z.number().min(0).max(1), processedCount: count, totalCount: count }

/** How far a job was that ended too early; absent where it had not begun. */
const reached = { ...z.object(figures).partial().shape, startedAt: z.iso.datetime().optional() }

const SCHEMAS = [
  z.object({ type: z.literal('ready_ack'), jobId: z.uuid(), seq: ofJob.seq.describe('After which message the stream goes on') }).meta({
    description: 'Answers `ready`; the messages after the cursor follow',
    examples: [{ type: 'ready_ack', jobId: EXAMPLE_JOB, seq: 0 }],
  }),
  z
    .looseObject({
      type: z.literal('progress'),
      ...ofJob,
      ...figures,
      currentBook: z.object({ title: z.string(), isbn: z.string().optional() }),
    })
    .meta({
      description: 'One more book is done; with members that say what became of it, by the kind of job',
      examples: [{ type: 'progress', jobId: EXAMPLE_JOB, seq: 17, ...EXAMPLE_FIGURES, currentBook: { title: EXAMPLE_BOOK.title } }],
    }),
  z
    .object({
      type: z.literal('book_enriched'),
      ...ofJob,
      book: z.looseObject({ title: z.string().nullable(), authors: z.array(z.string()) }),
    })
    .meta({
      description: 'A book is known; its `progress` follows',
      examples: [{ type: 'book_enriched', jobId: EXAMPLE_JOB, seq: '17.1', book: EXAMPLE_BOOK }],
    }),
  z
    .object({
      type: z.literal('job_complete'),
      ...ofJob,
      ...figures,
      found: count,
      startedAt: z.iso.datetime().optional(),
      completedAt: z.iso.datetime(),
      results: z.array(z.looseObject({})).describe('One object for each book, by the kind of job'),
    })
    .meta({
      description: 'The job is over; the connection is closed with 1000',
      examples: [
        {
          type: 'job_complete',
          jobId: EXAMPLE_JOB,
          seq: 20,
          progress: 1,
          processedCount: 1,
          totalCount: 1,
          found: 1,
          startedAt: EXAMPLE_TIME,
          completedAt: EXAMPLE_TIME,
          results: [{ query: { isbn: EXAMPLE_BOOK.isbn }, found: true, confidence: 1, book: EXAMPLE_BOOK }],
        },
      ],
    }),
  z.object({ type: z.literal('error'), ...ofJob, ...reached, failedAt: z.iso.datetime().optional(), error: jobErrorSchema }).meta({
    description:
      'With `failedAt`: the job failed, and the connection is closed. Without: a message of the client could not be done, and `seq` is where the stream is.',
    examples: [
      { type: 'error', jobId: EXAMPLE_JOB, seq: 17, error: { code: 'INVALID_MESSAGE', message: 'This connection is for another job.' } },
    ],
  }),
  z.object({ type: z.literal('canceled'), ...ofJob, ...reached, reason: z.string().optional() }).meta({
    description: 'The job was cancelled; the connection is closed with 1000',
    examples: [{ type: 'canceled', jobId: EXAMPLE_JOB, seq: 21 }],
  }),
  z
    .object({ type: z.literal('pong'), ...ofJob })
    .meta({ description: 'Answers `ping`; `seq` is where the stream is', examples: [{ type: 'pong', jobId: EXAMPLE_JOB, seq: 17 }] }),
  resetSchema.extend(ofJob).meta({
    description: 'The history after the cursor is gone: throw away what you have of the job',
    examples: [{ type: 'reset', reason: 'pruned', after: 0, head: 0, jobId: EXAMPLE_JOB, seq: 0 }],
  }),
] as const

/** What the server says on `/ws/progress`. */
export const socketMessages: readonly MessageDescription[] = SCHEMAS.map((schema) => {
  const [name = ''] = schema.shape.type.values
  return messageOf(`ProgressSocket${pascal(name)}`, schema)
})
