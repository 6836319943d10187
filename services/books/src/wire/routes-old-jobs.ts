import type { ServerContext } from '@headway/server'
import { z } from 'zod'
import { booksStreamChannel } from './channels.js'
import { answer, answerSchema } from './envelope.js'
import { EXAMPLE_BASE, EXAMPLE_FIGURES, EXAMPLE_JOB, EXAMPLE_TIME, EXAMPLE_TOKEN } from './examples.js'
import { afterWait, jobParamsSchema, statusQuerySchema, streamJob, unfinished } from './job-answers.js'
import { enrichmentBodySchema, importBodySchema, photosBodySchema } from './job-bodies.js'
import { CREATION_ERRORS, UPLOAD_ERRORS } from './job-route-options.js'
import type { JobRouteOptions } from './job-route-options.js'
import { socketUrlOf, streamUrlOf } from './job-urls.js'
import { oldJobStatusSchema, oldJobStatusView } from './job-view.js'
import { JOB_KINDS, jobPaths } from './kinds.js'
import { PATHS, pathOf, SOCKET_PATH } from './paths.js'
import { readImport, readPhotos } from './upload/read-upload.js'

const statusAnswerSchema = answerSchema('BooksJobStatusV2', oldJobStatusSchema.extend({ seq: z.int().nonnegative() }), {
  jobId: EXAMPLE_JOB,
  type: 'csv_import',
  status: 'processing',
  ...EXAMPLE_FIGURES,
  startedAt: EXAMPLE_TIME,
  seq: 35,
})

const created = z.object({ jobId: z.uuid(), authToken: z.string().describe('Reads and cancels this job, for 1 hour') })
const sseUrl = z.url().describe('For an EventSource: it carries a ticket')
const websocketUrl = z.url().describe('It carries a ticket; with `authToken` as the subprotocol the job can be cancelled, too')

const EXAMPLE_CREATED = { jobId: EXAMPLE_JOB, authToken: EXAMPLE_TOKEN }
const EXAMPLE_SOCKET = `${EXAMPLE_BASE.replace('http', 'ws')}${SOCKET_PATH}?jobId=${EXAMPLE_JOB}&ticket=${EXAMPLE_TOKEN}`

const importCreatedSchema = answerSchema('ImportCreatedV2', created.extend({ sseUrl, statusUrl: z.url() }), {
  ...EXAMPLE_CREATED,
  sseUrl: `${EXAMPLE_BASE}${pathOf(PATHS.importStream, EXAMPLE_JOB)}?ticket=${EXAMPLE_TOKEN}`,
  statusUrl: `${EXAMPLE_BASE}${pathOf(PATHS.importStatus, EXAMPLE_JOB)}`,
})
const scanCreatedSchema = answerSchema('ScanCreatedV2', created.extend({ websocketUrl, sseUrl }), {
  ...EXAMPLE_CREATED,
  websocketUrl: EXAMPLE_SOCKET,
  sseUrl: `${EXAMPLE_BASE}${pathOf(jobPaths('scans').stream, EXAMPLE_JOB)}?ticket=${EXAMPLE_TOKEN}`,
})
const enrichmentCreatedSchema = answerSchema('EnrichmentCreatedV1', created.extend({ websocketUrl }), {
  ...EXAMPLE_CREATED,
  websocketUrl: EXAMPLE_SOCKET,
})

const UPLOAD = { required: true, contentType: 'multipart/form-data' } as const

/** The jobs of V1 and V2. */
export function mountOldJobs(options: JobRouteOptions): void {
  mountImports(options)
  mountScans(options)
  mountEnrichment(options)
  mountAnyJob(options)
}

function mountImports({ add, kit, jobs, limits }: JobRouteOptions): void {
  add(
    {
      method: 'post',
      path: PATHS.import,
      summary: 'Import a library from a CSV file (V2)',
      access: 'by-setting',
      body: { ...UPLOAD, schema: importBodySchema },
      responses: {
        202: {
          description: 'The job was created',
          content: { 'application/json': importCreatedSchema },
        },
      },
      errors: UPLOAD_ERRORS,
    },
    'books-create',
    async (c) => {
      const { job, token } = await jobs.createOfUpload(c, JOB_KINDS.imports, (put) => readImport(c, put, limits.maxCsvBytes))
      const urls = {
        sseUrl: await streamUrlOf(c, kit, PATHS.importStream, job),
        statusUrl: kit.publicUrl(c, pathOf(PATHS.importStatus, job.id)),
      }
      return answer(c, { jobId: job.id, authToken: token.token, ...urls }, { status: 202 })
    },
  )
  add(
    {
      method: 'get',
      path: PATHS.importStream,
      summary: 'Follow an import (V2)',
      access: 'job',
      params: jobParamsSchema,
      responses: { 200: { description: 'The stream', content: { 'text/event-stream': booksStreamChannel(PATHS.importStream, 'import') } } },
      errors: ['INVALID_CURSOR', 'JOB_NOT_FOUND'],
    },
    'api',
    async (c) => streamJob(c, kit, await jobs.authorized(c, 'read', JOB_KINDS.imports)),
  )
}

function mountScans({ add, kit, jobs, limits }: JobRouteOptions): void {
  add(
    {
      method: 'post',
      path: PATHS.scan,
      summary: 'Read books off photos of a shelf (V2)',
      access: 'by-setting',
      body: { ...UPLOAD, schema: photosBodySchema },
      responses: {
        202: {
          description: 'The job was created',
          content: { 'application/json': scanCreatedSchema },
        },
      },
      errors: [...UPLOAD_ERRORS, 'OVERLOADED'],
    },
    'books-create',
    async (c) => {
      const { job, token } = await jobs.createOfUpload(c, JOB_KINDS.scans, (put) => readPhotos(c, put, limits))
      const urls = { websocketUrl: await socketUrlOf(c, kit, job), sseUrl: await streamUrlOf(c, kit, jobPaths('scans').stream, job) }
      return answer(c, { jobId: job.id, authToken: token.token, ...urls }, { status: 202 })
    },
  )
}

function mountEnrichment({ add, kit, jobs, limits }: JobRouteOptions): void {
  const schema = enrichmentBodySchema(limits.maxBatch)
  for (const path of [PATHS.enrichment, PATHS.enrichmentAlias]) {
    add(
      {
        method: 'post',
        path,
        summary: path === PATHS.enrichment ? 'Look up a batch of books (V1)' : 'The same, for older apps',
        description: 'With a `jobId` of its own a client can send the request again: it gets the same job.',
        access: 'by-setting',
        body: { schema, required: true },
        responses: {
          202: { description: 'The job was created', content: { 'application/json': enrichmentCreatedSchema } },
        },
        errors: [...CREATION_ERRORS, 'INVALID_JSON', 'JOB_EXISTS'],
      },
      'books-create',
      async (c) => {
        const { books, isbns = [], jobId } = await kit.readJson(c, schema)
        const { job, token } = await jobs.create(c, JOB_KINDS.enrichment, { books: books ?? isbns.map((isbn) => ({ isbn })) }, jobId)
        return answer(c, { jobId: job.id, authToken: token.token, websocketUrl: await socketUrlOf(c, kit, job) }, { status: 202 })
      },
    )
  }
}

function mountAnyJob({ add, kit, jobs }: JobRouteOptions): void {
  const status = { access: 'public', params: jobParamsSchema, query: statusQuerySchema } as const
  const responses = { 200: { description: 'The status', content: { 'application/json': statusAnswerSchema } } }
  const answerStatus = async (c: ServerContext, job: Parameters<typeof oldJobStatusView>[0]): Promise<Response> =>
    answer(c, { ...oldJobStatusView(job), seq: job.head })
  add(
    {
      method: 'get',
      path: PATHS.importStatus,
      summary: 'The status of an import (V2)',
      ...status,
      responses,
      errors: ['VALIDATION_ERROR', 'INVALID_CURSOR', 'JOB_NOT_FOUND'],
    },
    'books-status',
    async (c) => answerStatus(c, await afterWait(c, kit, await jobs.known(c, JOB_KINDS.imports))),
  )
  add(
    {
      method: 'get',
      path: PATHS.status,
      summary: 'The status of any job of this service (V1)',
      ...status,
      responses,
      errors: ['VALIDATION_ERROR', 'INVALID_CURSOR', 'JOB_NOT_FOUND'],
    },
    'books-status',
    async (c) => answerStatus(c, await afterWait(c, kit, await jobs.known(c))),
  )
  add(
    {
      method: 'delete',
      path: PATHS.cancel,
      summary: 'Cancel a job (V2)',
      access: 'job',
      params: jobParamsSchema,
      responses,
      errors: ['JOB_NOT_FOUND', 'JOB_FINISHED'],
    },
    'api',
    async (c) => answerStatus(c, await jobs.cancel(await unfinished(jobs, c))),
  )
}
