import { z } from 'zod'
import { importResultSchema } from '../jobs/result.js'
import { booksStreamChannel } from './channels.js'
import { answer, answerSchema } from './envelope.js'
import { EXAMPLE_BOOK, EXAMPLE_FIGURES, EXAMPLE_JOB, EXAMPLE_TIME } from './examples.js'
import { afterWait, jobParamsSchema, sendResults, statusQuerySchema, streamJob, unfinished } from './job-answers.js'
import type { JobRouteOptions } from './job-route-options.js'
import { jobStatusSchema, jobStatusView } from './job-view.js'
import { JOB_KIND_NAMES, JOB_KINDS, jobPaths } from './kinds.js'
import type { JobKindName } from './kinds.js'

/** The status of a job, and the `seq` up to which it is told. */
const statusAnswerSchema = answerSchema('BooksJobStatus', jobStatusSchema.extend({ seq: z.int().nonnegative() }), {
  jobId: EXAMPLE_JOB,
  type: 'csv_import',
  status: 'processing',
  ...EXAMPLE_FIGURES,
  startTime: EXAMPLE_TIME,
  seq: 35,
})

const resultsSchema = answerSchema(
  'BooksJobResults',
  z.object({
    jobId: z.uuid(),
    status: z.literal('completed'),
    results: z.array(z.record(z.string(), z.unknown())).describe('One object for each book, by the kind of job'),
    errors: z.array(z.record(z.string(), z.unknown())).optional().describe('What was wrong with rows or photos'),
    counts: importResultSchema.shape.counts.optional(),
  }),
  {
    jobId: EXAMPLE_JOB,
    status: 'completed',
    results: [{ query: { isbn: EXAMPLE_BOOK.isbn }, found: true, confidence: 1, book: EXAMPLE_BOOK }],
  },
)

/** `/v3/jobs/...`: the three kinds of jobs are looked at, followed and ended alike. */
export function mountV3Jobs(options: JobRouteOptions): void {
  for (const name of JOB_KIND_NAMES) mountJob(options, name)
}

function mountJob({ add, kit, jobs }: JobRouteOptions, name: JobKindName): void {
  const kind = JOB_KINDS[name]
  const paths = jobPaths(name)
  add(
    {
      method: 'get',
      path: paths.job,
      summary: `The status of ${kind.a}`,
      description: 'Needs no token: whoever has the id may look. At most 30 requests a minute; better to follow the stream, or to `wait`.',
      access: 'public',
      params: jobParamsSchema,
      query: statusQuerySchema,
      responses: { 200: { description: 'The status', content: { 'application/json': statusAnswerSchema } } },
      errors: ['VALIDATION_ERROR', 'INVALID_CURSOR', 'JOB_NOT_FOUND'],
    },
    'books-status',
    async (c) => {
      const job = await afterWait(c, kit, await jobs.known(c, kind))
      return answer(c, { ...jobStatusView(job), seq: job.head })
    },
  )
  add(
    {
      method: 'delete',
      path: paths.job,
      summary: `Cancel the ${kind.title}`,
      access: 'job',
      params: jobParamsSchema,
      responses: { 200: { description: 'The status', content: { 'application/json': statusAnswerSchema } } },
      errors: ['JOB_NOT_FOUND', 'JOB_FINISHED'],
    },
    'api',
    async (c) => {
      const job = await jobs.cancel(await unfinished(jobs, c, name))
      return answer(c, { ...jobStatusView(job), seq: job.head })
    },
  )
  add(
    {
      method: 'get',
      path: paths.stream,
      summary: `Follow the ${kind.title}`,
      access: 'job',
      params: jobParamsSchema,
      responses: { 200: { description: 'The stream', content: { 'text/event-stream': booksStreamChannel(paths.stream, kind.title) } } },
      errors: ['INVALID_CURSOR', 'JOB_NOT_FOUND'],
    },
    'api',
    async (c) => streamJob(c, kit, await jobs.authorized(c, 'read', kind)),
  )
  add(
    {
      method: 'get',
      path: paths.results,
      summary: `The results of the ${kind.title}`,
      access: 'job',
      params: jobParamsSchema,
      responses: { 200: { description: 'The results', content: { 'application/json': resultsSchema } } },
      errors: ['JOB_NOT_FOUND'],
    },
    'api',
    async (c) => sendResults(c, kit, await jobs.authorized(c, 'read', kind)),
  )
}
