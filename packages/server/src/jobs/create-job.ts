import { HeadwayError } from '@headway/core'
import type { CreateResult, Engine, StoredJob } from '@headway/core'
import { setAnswerHeader } from '../answer-headers.js'
import type { Authorizer } from '../auth/authorizer.js'
import { credentialsOf } from '../auth/credentials.js'
import type { Principal } from '../auth/principal.js'
import type { Tokens } from '../auth/tokens.js'
import type { ServerContext } from '../context.js'
import type { CreatedByRequest, CreateJobOptions } from '../kit.js'
import { idempotencyOf } from './idempotency.js'
import { asksForSame } from './same-input.js'

export interface JobCreatorOptions {
  readonly engine: Engine
  readonly tokens: Tokens
  readonly authorizer: Authorizer
  readonly tokenMs: number
  readonly assertAccepting: () => void
}

/** See `ServerKit.createJob`. */
export async function createJob(
  server: JobCreatorOptions,
  c: ServerContext,
  principal: Principal,
  type: string,
  input: unknown,
  options: CreateJobOptions = {},
): Promise<CreatedByRequest> {
  server.assertAccepting()
  const { id, priority, runAt, fingerprint, comparedInput = input, tokenTtlMs = server.tokenMs } = options
  const idempotency = idempotencyOf(c, principal, { type, input: comparedInput, fingerprint })
  const result = await server.engine.create(type, input, {
    ...(id === undefined ? {} : { id }),
    ...(priority === undefined ? {} : { priority }),
    ...(runAt === undefined ? {} : { runAt }),
    ...(idempotency === undefined ? {} : { idempotency }),
  })
  const request = { type: server.engine.jobTypes.get(type), input, comparedInput }
  return answerFor(server, c, result, tokenTtlMs, (job) => asksForSame(job, request))
}

/** See `ServerKit.retryJob`. */
export async function retryJob(
  server: JobCreatorOptions,
  c: ServerContext,
  principal: Principal,
  job: StoredJob,
): Promise<CreatedByRequest> {
  server.assertAccepting()
  const idempotency = idempotencyOf(c, principal, job)
  const result = await server.engine.retry(job.id, idempotency === undefined ? {} : { idempotency })
  return answerFor(server, c, result, server.tokenMs, () => Promise.resolve(true))
}

/** @throws HeadwayError JOB_EXISTS, IDEMPOTENCY_MISMATCH */
async function answerFor(
  server: JobCreatorOptions,
  c: ServerContext,
  result: CreateResult,
  tokenTtlMs: number,
  isSame: (job: StoredJob) => Promise<boolean>,
): Promise<CreatedByRequest> {
  if (!result.created) {
    if (result.matched === 'idempotency' && !result.sameRequest) {
      throw new HeadwayError('IDEMPOTENCY_MISMATCH', 'This Idempotency-Key was used with another request; use a new one.')
    }
    if (result.matched === 'id' && !(await presentsTokenOf(server, c, result.job.id))) {
      throw new HeadwayError('JOB_EXISTS', 'A job with this id exists. Only whoever made it can ask for it again.')
    }
    if (result.matched === 'id' && !(await isSame(result.job))) {
      throw new HeadwayError('JOB_EXISTS', 'This id is that of a job with another input. Choose a new one.')
    }
    setAnswerHeader(c, 'Idempotent-Replayed', 'true')
  }
  const token = await server.tokens.issue(result.job.id, 'control', tokenTtlMs)
  return { job: result.job, created: result.created, token }
}

async function presentsTokenOf(server: JobCreatorOptions, c: ServerContext, jobId: string): Promise<boolean> {
  const { token } = credentialsOf((name) => c.req.header(name), undefined)
  return token !== undefined && server.authorizer.controls(token, jobId)
}
