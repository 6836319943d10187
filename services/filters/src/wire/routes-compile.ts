import type { ErrorCode } from '@headway/protocol'
import type { ResponseDescription, ServerContext } from '@headway/server'
import { answerJson } from '@headway/server'
import type { z } from 'zod'
import { COMPILE_LIMIT } from './compilations.js'
import type { StartedCompilation } from './compilations.js'
import { answerOf } from './job-answer.js'
import { parseElsewhere } from './large-body.js'
import { PATHS, pathOf } from './paths.js'
import type { BodyToCheck } from './request-check.js'
import type { RouteTools } from './routes.js'
import {
  acceptedAnswerSchema,
  batchAnswerSchema,
  batchBodySchema,
  compileAnswerSchema,
  compileBodySchema,
  describedBatchBodySchema,
  describedCompileBodySchema,
  describedValidateBodySchema,
  errorAnswerSchema,
  validateAnswerSchema,
  validateBodySchema,
} from './schemas.js'
import { waitForEnd } from './wait-for-end.js'

const BODY_ERRORS: readonly ErrorCode[] = [
  'INVALID_JSON',
  'VALIDATION_ERROR',
  'IDEMPOTENCY_MISMATCH',
  'BODY_TOO_LARGE',
  'UNSUPPORTED_MEDIA_TYPE',
  'TOO_MANY_OPEN',
  'SHUTTING_DOWN',
]

export const ID_HEADERS = {
  'X-Request-Id': 'Of the compilation: the id of its job',
  'X-Job-Token': 'Reads and controls this compilation',
}

function failure(description: string): ResponseDescription {
  return { description, content: { 'application/json': errorAnswerSchema } }
}

const CANCELLED = failure('The compilation was cancelled')
const FAILURES = {
  409: CANCELLED,
  422: failure('The list can not be compiled: a source is not allowed, not understood or too large'),
  502: failure('A source could not be loaded'),
  504: failure('A source took too long'),
}

/** Routes that begin compilations, and the check of a configuration. */
export function mountCompile(tools: RouteTools): void {
  mountWaiting(tools)
  mountAsync(tools)
  mountValidate(tools)
}

/** The body of a compilation, its large texts packed. @throws HeadwayError VALIDATION_ERROR, also where its sources can't be loaded here */
export async function readCompileBody<Body extends BodyToCheck>(
  { kit, maxBodyBytes, check }: RouteTools,
  c: ServerContext,
  schema: z.ZodType<Body>,
): Promise<Body> {
  const body = await kit.readJson(c, schema, { maxBytes: maxBodyBytes, parse: parseElsewhere })
  await check.assert(body)
  return body
}

function mountWaiting(tools: RouteTools): void {
  const { add, compilations, requester } = tools
  add(
    {
      method: 'post',
      path: PATHS.compile,
      summary: 'Compile a list',
      description:
        'The answer comes when the list is compiled. Requests that are alike share one compilation. A client that goes away does not end it: `X-Job-Token` of a request that streams, or `POST /compile/async`, reads it later.',
      access: 'public',
      body: { schema: describedCompileBodySchema, required: true },
      responses: {
        200: {
          description: 'The list',
          content: { 'application/json': compileAnswerSchema },
          headers: { ...ID_HEADERS, 'X-Cache': '`HIT`: nothing had changed, an earlier result is given. `MISS`: it was compiled' },
        },
        ...FAILURES,
      },
      errors: BODY_ERRORS,
    },
    COMPILE_LIMIT,
    async (c) => {
      const who = await requester(c)
      const body = await readCompileBody(tools, c, compileBodySchema)
      return answerWhenOver(tools, c, await compilations.start(body, who))
    },
  )
  add(
    {
      method: 'post',
      path: PATHS.batch,
      summary: 'Compile up to 10 lists',
      description: 'The answer comes when all are compiled, in the order of the requests. One that fails does not end the others.',
      access: 'public',
      body: { schema: describedBatchBodySchema, required: true },
      responses: {
        200: { description: 'The lists', content: { 'application/json': batchAnswerSchema }, headers: ID_HEADERS },
        409: CANCELLED,
      },
      errors: BODY_ERRORS,
    },
    COMPILE_LIMIT,
    async (c) => {
      const who = await requester(c)
      const { requests } = await readCompileBody(tools, c, batchBodySchema)
      return answerWhenOver(tools, c, await compilations.startBatch(requests, who))
    },
  )
}

function mountAsync(tools: RouteTools): void {
  const { add, compilations, requester } = tools
  const responses = {
    202: {
      description: 'It is queued',
      content: { 'application/json': acceptedAnswerSchema },
      headers: { ...ID_HEADERS, Location: 'Where the result will be' },
    },
  }
  add(
    {
      method: 'post',
      path: PATHS.async,
      summary: 'Compile a list in the background',
      access: 'public',
      body: { schema: describedCompileBodySchema, required: true },
      responses,
      errors: BODY_ERRORS,
    },
    COMPILE_LIMIT,
    async (c) => {
      const who = await requester(c)
      const body = await readCompileBody(tools, c, compileBodySchema)
      const started = await compilations.start(body, who)
      const streamUrl = tools.kit.publicUrl(c, pathOf(PATHS.streamOf, started.job.id))
      return accepted(tools, c, started, { message: 'The compilation is queued.', streamUrl })
    },
  )
  add(
    {
      method: 'post',
      path: PATHS.batchAsync,
      summary: 'Compile up to 10 lists in the background',
      access: 'public',
      body: { schema: describedBatchBodySchema, required: true },
      responses,
      errors: BODY_ERRORS,
    },
    COMPILE_LIMIT,
    async (c) => {
      const who = await requester(c)
      const { requests } = await readCompileBody(tools, c, batchBodySchema)
      const started = await compilations.startBatch(requests, who)
      return accepted(tools, c, started, { message: 'The compilations are queued.', batchSize: requests.length })
    },
  )
}

function mountValidate({ add, kit, compilations, check }: RouteTools): void {
  add(
    {
      method: 'post',
      path: PATHS.validate,
      summary: 'Check a configuration',
      description:
        'Says everything that is wrong with it, with pointers to the fields. Nothing is loaded. Of `preFetchedContent` only the names count: sources that are among them need no address.',
      access: 'public',
      body: { schema: describedValidateBodySchema, required: true },
      responses: { 200: { description: 'What was found', content: { 'application/json': validateAnswerSchema } } },
      errors: ['INVALID_JSON', 'VALIDATION_ERROR', 'BODY_TOO_LARGE', 'UNSUPPORTED_MEDIA_TYPE'],
    },
    'api',
    async (c) => {
      await kit.requireRole(c, 'read', compilations.access)
      const errors = await check.errors(await kit.readJson(c, validateBodySchema))
      return c.json({ success: true, valid: errors.length === 0, errors })
    },
  )
}

export function idHeaders({ job, token }: StartedCompilation): { readonly 'X-Request-Id': string; readonly 'X-Job-Token': string } {
  return { 'X-Request-Id': job.id, 'X-Job-Token': token.token }
}

async function answerWhenOver({ kit }: RouteTools, c: ServerContext, started: StartedCompilation): Promise<Response> {
  const { engine } = kit
  const over = await waitForEnd(c, engine, started.job)
  // Nobody is there to be answered.
  if (over === undefined) return c.body(null)
  const { status, members, cached } = await answerOf(over, engine)
  const headers = { ...idHeaders(started), ...(cached !== undefined && { 'X-Cache': cached ? 'HIT' : 'MISS' }) }
  return answerJson(c, engine.stores.blobs, [`{"requestId":"${over.id}",`, ...members, '}'], status, headers)
}

function accepted({ kit }: RouteTools, c: ServerContext, started: StartedCompilation, more: object): Response {
  const { id } = started.job
  const resultsUrl = kit.publicUrl(c, pathOf(PATHS.results, id))
  const cancelUrl = kit.publicUrl(c, pathOf(PATHS.cancel, id))
  const body = { success: true, requestId: id, token: started.token.token, status: 'pending', ...more, resultsUrl, cancelUrl }
  return c.json(body, 202, { ...idHeaders(started), Location: resultsUrl })
}
