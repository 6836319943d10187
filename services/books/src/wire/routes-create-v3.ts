import type { CreatedByRequest, ServerContext, ServerKit } from '@headway/server'
import { z } from 'zod'
import { answer, answerSchema } from './envelope.js'
import { EXAMPLE_BASE, EXAMPLE_JOB, EXAMPLE_TOKEN } from './examples.js'
import { enrichmentBodySchema, importBodySchema, photosBodySchema } from './job-bodies.js'
import { CREATION_ERRORS, UPLOAD_ERRORS } from './job-route-options.js'
import type { JobRouteOptions } from './job-route-options.js'
import { streamUrlOf } from './job-urls.js'
import { jobStatusSchema, jobStatusView } from './job-view.js'
import { JOB_KINDS, jobPaths } from './kinds.js'
import type { JobKindName } from './kinds.js'
import { readImport, readPhotos } from './upload/read-upload.js'

const createdSchema = answerSchema(
  'BooksJobCreated',
  z.object({
    jobId: z.uuid(),
    status: jobStatusSchema.shape.status,
    streamUrl: z.url().describe('For an EventSource: it carries a ticket'),
    token: z.string().describe('Reads and cancels this job, for 1 hour'),
  }),
  {
    jobId: EXAMPLE_JOB,
    status: 'queued',
    streamUrl: `${EXAMPLE_BASE}/v3/jobs/imports/${EXAMPLE_JOB}/stream?ticket=${EXAMPLE_TOKEN}`,
    token: EXAMPLE_TOKEN,
  },
)

/** How the jobs of V3 begin. */
export function mountV3Creations({ add, kit, jobs, limits }: JobRouteOptions): void {
  const upload = { required: true, contentType: 'multipart/form-data' } as const
  const responses = { 202: { description: 'The job was created', content: { 'application/json': createdSchema } } }
  add(
    {
      method: 'post',
      path: jobPaths('imports').create,
      summary: 'Import a library from a CSV file',
      access: 'by-setting',
      body: { ...upload, schema: importBodySchema },
      responses,
      errors: UPLOAD_ERRORS,
    },
    'books-create',
    async (c) =>
      created(c, kit, 'imports', await jobs.createOfUpload(c, JOB_KINDS.imports, (put) => readImport(c, put, limits.maxCsvBytes))),
  )
  add(
    {
      method: 'post',
      path: jobPaths('scans').create,
      summary: 'Read books off photos of a shelf',
      access: 'by-setting',
      body: { ...upload, schema: photosBodySchema },
      responses,
      errors: [...UPLOAD_ERRORS, 'OVERLOADED'],
    },
    'books-create',
    async (c) => created(c, kit, 'scans', await jobs.createOfUpload(c, JOB_KINDS.scans, (put) => readPhotos(c, put, limits))),
  )
  const bodySchema = enrichmentBodySchema(limits.maxBatch)
  add(
    {
      method: 'post',
      path: jobPaths('enrichment').create,
      summary: 'Look up a batch of books',
      access: 'by-setting',
      body: { schema: bodySchema, required: true },
      responses,
      errors: [...CREATION_ERRORS, 'INVALID_JSON', 'JOB_EXISTS'],
    },
    'books-create',
    async (c) => {
      const { books, isbns, jobId } = await kit.readJson(c, bodySchema)
      const asked = books ?? (isbns ?? []).map((isbn) => ({ isbn }))
      return created(c, kit, 'enrichment', await jobs.create(c, JOB_KINDS.enrichment, { books: asked }, jobId))
    },
  )
}

async function created(c: ServerContext, kit: ServerKit, name: JobKindName, { job, token }: CreatedByRequest): Promise<Response> {
  const { status } = jobStatusView(job)
  const streamUrl = await streamUrlOf(c, kit, jobPaths(name).stream, job)
  return answer(c, { jobId: job.id, status, streamUrl, token: token.token }, { status: 202 })
}
