import { HeadwayError } from '@headway/core'
import type { StoredJob } from '@headway/core'
import { COMPILE_JOB_TYPE } from '../jobs/compile-input.js'
import { compilationChannel, compileStreamChannel } from './channels.js'
import { COMPILE_LIMIT } from './compilations.js'
import { PATHS, pathOf } from './paths.js'
import { ID_HEADERS, idHeaders, readCompileBody } from './routes-compile.js'
import type { RouteTools } from './routes.js'
import { compileBodySchema, describedCompileBodySchema, requestIdParamsSchema, ticketAnswerSchema } from './schemas.js'
import { dialectWithToken, filtersDialect } from './sse-dialect.js'

/** Compilations as Server-Sent Events. */
export function mountStreams(tools: RouteTools): void {
  const { add, kit, compilations, requester, authorized } = tools
  add(
    {
      method: 'post',
      path: PATHS.stream,
      summary: 'Compile a list and see every step',
      description:
        'Server-Sent Events with names. The first, `job`, has the id and the token of the compilation; `GET` takes a stream up again that broke off. A client that goes away does not end the compilation.',
      access: 'public',
      body: { schema: describedCompileBodySchema, required: true },
      responses: {
        200: { description: 'The stream', content: { 'text/event-stream': compileStreamChannel }, headers: ID_HEADERS },
      },
      errors: [
        'INVALID_JSON',
        'VALIDATION_ERROR',
        'INVALID_CURSOR',
        'IDEMPOTENCY_MISMATCH',
        'BODY_TOO_LARGE',
        'UNSUPPORTED_MEDIA_TYPE',
        'TOO_MANY_OPEN',
        'SHUTTING_DOWN',
      ],
    },
    COMPILE_LIMIT,
    async (c) => {
      const who = await requester(c)
      const body = await readCompileBody(tools, c, compileBodySchema)
      const started = await compilations.start(body, who)
      return kit.streamLog(c, started.job, dialectWithToken(started.token.token), { headers: idHeaders(started) })
    },
  )
  add(
    {
      method: 'get',
      path: PATHS.streamOf,
      summary: 'Follow a compilation',
      description: 'From its start, or from `Last-Event-ID` (or `?after=`) on.',
      access: 'job',
      params: requestIdParamsSchema,
      responses: {
        200: { description: 'The stream', content: { 'text/event-stream': compilationChannel } },
      },
      errors: ['INVALID_CURSOR', 'JOB_NOT_FOUND'],
    },
    'api',
    async (c) => {
      const job = single(await authorized(c, 'read'))
      return kit.streamLog(c, job, filtersDialect, { headers: { 'X-Request-Id': job.id } })
    },
  )
  add(
    {
      method: 'post',
      path: PATHS.ticket,
      summary: 'Make a URL that reads a compilation without any header',
      description: 'For a bare EventSource. It can only read.',
      access: 'job',
      params: requestIdParamsSchema,
      responses: { 200: { description: 'The URL', content: { 'application/json': ticketAnswerSchema } } },
      errors: ['JOB_NOT_FOUND'],
    },
    'api',
    async (c) => {
      const job = single(await authorized(c, 'read'))
      const { token, expiresAt } = await kit.issueTicket(job)
      const streamUrl = kit.publicUrl(c, `${pathOf(PATHS.streamOf, job.id)}?ticket=${token}`)
      return c.json({ success: true, streamUrl, expiresAt: expiresAt.toISOString() })
    },
  )
}

/** A batch has no stream of this dialect. */
function single(job: StoredJob): StoredJob {
  if (job.type === COMPILE_JOB_TYPE) return job
  throw new HeadwayError('JOB_NOT_FOUND', `${job.id} is a batch: its result is at ${pathOf(PATHS.results, job.id)}.`)
}
