import { resetSchema } from '@headway/protocol'
import { messageOf, pascal } from '@headway/server'
import type { MessageDescription, SampleMessage } from '@headway/server'
import { z } from 'zod'
import { EXAMPLE_BOOK, EXAMPLE_FIGURES, EXAMPLE_JOB, EXAMPLE_TIME } from './examples.js'
import { jobErrorSchema } from './job-view.js'

const count = z.int().nonnegative()
const fraction = z.number().min(0).max(1)
const shownBook = z.looseObject({ isbn: z.string().optional(), title: z.string().nullable(), authors: z.array(z.string()) })

/** How far a job was that ended too early; absent where it had not begun. */
const reached = {
  progress: fraction.optional(),
  processedCount: count.optional(),
  totalCount: count.optional(),
  startedAt: z.iso.datetime().optional(),
}

const PROGRESS = {
  jobId: EXAMPLE_JOB,
  status: 'processing',
  ...EXAMPLE_FIGURES,
  startedAt: EXAMPLE_TIME,
  currentBook: { title: EXAMPLE_BOOK.title, isbn: EXAMPLE_BOOK.isbn },
  book: EXAMPLE_BOOK,
}
const COMPLETED = {
  jobId: EXAMPLE_JOB,
  status: 'completed',
  progress: 1,
  processedCount: 50,
  totalCount: 50,
  startedAt: EXAMPLE_TIME,
  completedAt: EXAMPLE_TIME,
  found: 1,
  books: [EXAMPLE_BOOK],
}

/** The SSE events of a job, by their names, as books.md has them. */
const EVENTS: Readonly<Record<string, z.ZodType>> = {
  progress: z
    .looseObject({
      jobId: z.uuid(),
      status: z.literal('processing'),
      progress: fraction,
      processedCount: count,
      totalCount: count,
      startedAt: z.iso.datetime(),
      currentBook: z.object({ title: z.string(), isbn: z.string().optional() }),
      book: shownBook.optional().describe('What is known of it; absent where there is no book'),
    })
    .meta({ description: 'One more book is done; with members that say what became of it, by the kind of job', examples: [PROGRESS] }),
  completed: z
    .looseObject({
      jobId: z.uuid(),
      status: z.literal('completed'),
      progress: z.literal(1),
      processedCount: count,
      totalCount: count,
      startedAt: z.iso.datetime().optional(),
      completedAt: z.iso.datetime(),
      found: count.describe('How many books there are'),
      counts: z.record(z.string(), count).optional().describe('Of an import: what became of the rows'),
      books: z.array(shownBook),
    })
    .meta({ description: 'The last message: the books', examples: [COMPLETED] }),
  failed: z.object({ jobId: z.uuid(), status: z.literal('failed'), ...reached, failedAt: z.iso.datetime(), error: jobErrorSchema }).meta({
    description: 'The last message: the job failed',
    examples: [
      {
        jobId: EXAMPLE_JOB,
        status: 'failed',
        failedAt: EXAMPLE_TIME,
        error: { code: 'TOO_MANY_ROWS', message: 'The file has more than 5000 rows.', retryable: false },
      },
    ],
  }),
  canceled: z
    .object({ jobId: z.uuid(), status: z.literal('canceled'), ...reached, canceledAt: z.iso.datetime(), reason: z.string().optional() })
    .meta({
      description: 'The last message: the job was cancelled',
      examples: [{ jobId: EXAMPLE_JOB, status: 'canceled', ...EXAMPLE_FIGURES, startedAt: EXAMPLE_TIME, canceledAt: EXAMPLE_TIME }],
    }),
}

const timeout = z.object({ jobId: z.uuid(), message: z.string() }).meta({
  description: 'Nothing happened for 5 minutes; the stream ends',
  examples: [{ jobId: EXAMPLE_JOB, message: 'Nothing happened for 5 minutes; connect again.' }],
})

const reset = resetSchema.extend({}).meta({
  description: 'The history after the cursor is gone: throw away what you have of the job',
  examples: [{ type: 'reset', reason: 'pruned', after: 0, head: 0 }],
})

/** What the stream of a job says. */
export const streamMessages: readonly MessageDescription[] = [
  ...Object.entries(EVENTS).map(([event, schema]) => messageOf(`BooksStream${pascal(event)}`, schema, { event })),
  messageOf('BooksStreamTimeout', timeout, { event: 'timeout', hasId: false }),
  messageOf('BooksStreamReset', reset, { event: 'reset', hasId: false }),
]

/** A small job from its beginning to its end. */
export const streamSample: readonly SampleMessage[] = [
  { event: 'progress', id: '4', data: { ...PROGRESS, progress: 1, processedCount: 1, totalCount: 1 } },
  { event: 'completed', id: '6', data: { ...COMPLETED, processedCount: 1, totalCount: 1 } },
]
