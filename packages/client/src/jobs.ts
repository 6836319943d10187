import type { CreatedJob, Job, JobId, JobPage, Json } from '@headway/protocol'
import createHttpClient from 'openapi-fetch'
import { JobFailedError } from './errors.js'
import type { EventPage, FollowerOptions } from './follow/follower.js'
import type { paths } from './generated/openapi.js'
import { randomKey } from './random-key.js'
import { bearer } from './server.js'
import type { Server } from './server.js'
import type { Jobs } from './types.js'

/** The tokens of the jobs that a client created, where it may need them. */
export interface JobTokens {
  get(id: JobId): string | undefined
  keep(created: CreatedJob): CreatedJob
}

/** So many tokens are remembered: those of the jobs that were created last. */
const MAX_TOKENS = 1000

/** A client with an API key needs none. */
export function createJobTokens(isNeeded: boolean): JobTokens {
  const tokens = new Map<JobId, string>()
  return {
    get: (id) => tokens.get(id),
    keep(created) {
      if (isNeeded) tokens.set(created.job.id, created.token)
      for (const oldest of tokens.keys()) {
        if (tokens.size <= MAX_TOKENS) break
        tokens.delete(oldest)
      }
      return created
    },
  }
}

/** The jobs of a server. */
export function createJobs(
  server: Server,
  tokens: JobTokens,
  { follow, onChanged }: Pick<Jobs, 'follow' | 'onChanged'>,
): Jobs & { readonly readPage: FollowerOptions['readPage'] } {
  const http = createHttpClient<paths>({ baseUrl: server.baseUrl, fetch: server.ask })

  /** What a call says of one job. */
  const of = (id: JobId, token = tokens.get(id)) => ({ params: { path: { id } }, headers: bearer(token) })

  const get: Jobs['get'] = (id, { signal, token } = {}) =>
    dataOf<Job>(http.GET('/jobs/{id}', { ...of(id, token), ...(signal && { signal }) }))

  function request(path: '/jobs/{id}/cancel' | '/jobs/{id}/pause' | '/jobs/{id}/resume'): Jobs['cancel'] {
    return (id, reason) => dataOf<Job>(http.POST(path, { ...of(id), body: reason === undefined ? {} : { reason } }))
  }

  return {
    follow,
    onChanged,
    get,
    async create(type, input = {}, { id, idempotencyKey = randomKey(), priority, runAt, signal } = {}) {
      const created = http.POST('/jobs/{type}', {
        params: {
          path: { type },
          query: {
            ...(id !== undefined && { id }),
            ...(priority !== undefined && { priority }),
            ...(runAt && { runAt: runAt.toISOString() }),
          },
          header: { 'Idempotency-Key': idempotencyKey },
        },
        body: input as never,
        ...(signal && { signal }),
      })
      return tokens.keep(await dataOf<CreatedJob>(created))
    },
    list({ type, status, text, createdAfter, createdBefore, limit, cursor } = {}, { signal } = {}) {
      const given: Record<string, unknown> = {
        type: type && [type].join(),
        status: status && [status].join(),
        createdAfter: createdAfter?.toISOString(),
        createdBefore: createdBefore?.toISOString(),
        text,
        limit,
        cursor,
      }
      // openapi-fetch leaves out what is undefined.
      return dataOf<JobPage>(http.GET('/jobs', { params: { query: given }, ...(signal && { signal }) }))
    },
    cancel: request('/jobs/{id}/cancel'),
    pause: request('/jobs/{id}/pause'),
    resume: request('/jobs/{id}/resume'),
    async retry(id) {
      const header = { 'Idempotency-Key': randomKey() }
      return tokens.keep(await dataOf<CreatedJob>(http.POST('/jobs/{id}/retry', { params: { path: { id }, header } })))
    },
    async result(id, { signal, token } = {}) {
      const given = { ...(signal && { signal }), ...(token !== undefined && { token }) }
      const call = { ...of(id, token), ...(signal && { signal }) }
      const { head } = await dataOf<Job>(http.GET('/jobs/{id}', call))
      // Of a job that is over only the last event, which tells how it ended.
      for await (const event of follow(id, { ...given, after: Math.max(head - 1, 0) })) {
        if (event.type === 'failed') throw new JobFailedError({ status: 'failed', error: event.data.error })
        if (event.type === 'cancelled')
          throw new JobFailedError({ status: 'cancelled', ...(event.data.reason !== undefined && { reason: event.data.reason }) })
      }
      signal?.throwIfAborted()
      return dataOf<Json>(http.GET('/jobs/{id}/result', call))
    },
    readPage: (id, after, token, signal) =>
      dataOf<EventPage>(
        http.GET('/jobs/{id}/events', {
          params: { path: { id }, query: { after: String(after) } },
          headers: { Accept: 'application/json', ...bearer(token) },
          signal,
        }),
      ),
  }
}

/** The data of an answer: what is not 2xx was thrown before. */
async function dataOf<Data>(answer: Promise<{ readonly data?: unknown; readonly response: Response }>): Promise<Data> {
  return (await answer).data as Data
}
