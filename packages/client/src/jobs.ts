import type { CreatedJob, Job, JobId, JobPage, Json } from '@headway/protocol'
import { JobFailedError } from './errors.js'
import type { EventPage, FollowerOptions } from './follow/follower.js'
import { createHttp } from './http.js'
import { randomKey } from './random-key.js'
import { bearer } from './server.js'
import type { Server } from './server.js'
import type { JobFailure, Jobs } from './types.js'

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
      if (tokens.size > MAX_TOKENS) tokens.delete(String(tokens.keys().next().value))
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
  const http = createHttp(server.baseUrl, server.ask)

  /** What a call says of one job. */
  const of = (id: JobId, token = tokens.get(id), signal: AbortSignal | null = null) => ({
    params: { path: { id } },
    headers: bearer(token),
    signal,
  })

  const control =
    (path: '/jobs/{id}/cancel' | '/jobs/{id}/pause' | '/jobs/{id}/resume'): Jobs['cancel'] =>
    (id, reason, { token } = {}) => {
      const body: object = { reason }
      return dataOf<Job>(http.POST(path, { ...of(id, token), body }))
    }

  return {
    follow,
    onChanged,
    get: (id, { signal, token } = {}) => dataOf<Job>(http.GET('/jobs/{id}', of(id, token, signal))),
    async create(type, input = {}, { idempotencyKey = randomKey(), runAt, signal = null, ...more } = {}) {
      const query: object = { ...more, runAt: runAt?.toISOString() }
      const header = { 'Idempotency-Key': idempotencyKey }
      return tokens.keep(
        await dataOf<CreatedJob>(http.POST('/jobs/{type}', { params: { path: { type }, query, header }, body: input as never, signal })),
      )
    },
    list({ createdAfter, createdBefore, ...more } = {}, { signal = null } = {}) {
      // Lists of types and statuses become texts with commas.
      const query: object = { ...more, createdAfter: createdAfter?.toISOString(), createdBefore: createdBefore?.toISOString() }
      return dataOf<JobPage>(http.GET('/jobs', { params: { query }, signal }))
    },
    cancel: control('/jobs/{id}/cancel'),
    pause: control('/jobs/{id}/pause'),
    resume: control('/jobs/{id}/resume'),
    async retry(id) {
      const header = { 'Idempotency-Key': randomKey() }
      return tokens.keep(await dataOf<CreatedJob>(http.POST('/jobs/{id}/retry', { ...of(id), params: { path: { id }, header } })))
    },
    async result(id, { signal, token } = {}) {
      const call = of(id, token, signal)
      const { head } = await dataOf<Job>(http.GET('/jobs/{id}', call))
      // Of a job that is over only the last event, which tells how it ended.
      const options: object = { token, signal, after: Math.max(head - 1, 0) }
      for await (const event of follow(id, options)) {
        if (event.type === 'failed' || event.type === 'cancelled')
          throw new JobFailedError({ status: event.type, ...event.data } as JobFailure)
      }
      signal?.throwIfAborted()
      return dataOf<Json>(http.GET('/jobs/{id}/result', call))
    },
    readPage: (id, after, token, signal) =>
      dataOf<EventPage>(
        http.GET('/jobs/{id}/events', { ...of(id, token, signal), params: { path: { id }, query: { after: String(after) } } }),
      ),
  }
}

/** The data of an answer: what is not 2xx was thrown before. */
async function dataOf<Data>(answer: Promise<{ readonly data?: unknown; readonly response: Response }>): Promise<Data> {
  return (await answer).data as Data
}
