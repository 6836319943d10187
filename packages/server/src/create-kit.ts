import type { IncomingMessage } from 'node:http'
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response'
import { HeadwayError } from '@headway/core'
import type { Engine } from '@headway/core'
import type { Logger } from 'pino'
import type { Authorizer } from './auth/authorizer.js'
import { credentialsOf, credentialsOfText } from './auth/credentials.js'
import type { Credentials } from './auth/credentials.js'
import { SocketCaller } from './auth/socket-caller.js'
import type { Tokens } from './auth/tokens.js'
import { readJson } from './body/read-json.js'
import { readParams, readQuery } from './body/read-parameters.js'
import type { ClientInfo, ServerContext } from './context.js'
import type { Delivery } from './delivery/delivery.js'
import { serveSse } from './delivery/sse.js'
import { problemResponse } from './errors/render.js'
import { createJob, retryJob } from './jobs/create-job.js'
import { keyOf } from './jobs/idempotency.js'
import { waitIfPreferred } from './jobs/prefer-wait.js'
import type { ServerKit } from './kit.js'
import { limitExceeded } from './limits/limits.js'
import type { Limits } from './limits/limits.js'
import { rateLimit } from './limits/rate-limit.js'
import type { ServiceMetrics } from './system/service-metrics.js'

export interface KitOptions {
  readonly engine: Engine
  readonly delivery: Delivery
  readonly log: Logger
  readonly version: string
  readonly metrics: ServiceMetrics
  readonly authorizer: Authorizer
  readonly tokens: Tokens
  readonly limits: Limits
  readonly clientOf: (request: IncomingMessage) => ClientInfo
  readonly publicUrl: string | undefined
  readonly maxJsonBytes: number
  readonly maxPreferWaitSeconds: number
  readonly jobTokenMs: number
  /** See `ServerOptions`. */
  readonly api: boolean
  /** Aborted when the server begins to stop: nothing new is taken on. */
  readonly draining: AbortSignal
  /** Aborted when the server closes: nobody waits any longer. */
  readonly closing: AbortSignal
}

/** When a server that stops is asked for more, another try makes sense after so many seconds. */
const DRAIN_RETRY_SECONDS = 5

/** What services and the native API are built of. */
export function createKit(options: KitOptions): ServerKit {
  const { engine, delivery, authorizer, tokens, limits, maxJsonBytes, jobTokenMs } = options
  const base = options.publicUrl?.replace(/\/+$/, '')
  const assertAccepting = (): void => {
    if (!options.draining.aborted) return
    throw new HeadwayError('SHUTTING_DOWN', 'The server is stopping; try again in a moment.', { retryAfterSeconds: DRAIN_RETRY_SECONDS })
  }
  const creator = { engine, tokens, authorizer, tokenMs: jobTokenMs, assertAccepting }
  return {
    engine,
    delivery,
    log: options.log,
    version: options.version,
    servesApi: options.api,
    metrics: options.metrics,
    assertAccepting,
    requireRole: (c, role, access = 'key') => authorizer.requireRole(credentialsOfRequest(c), role, access, c.var.client.ip),
    authorizeJob: (c, jobId, right) => authorizer.authorizeJob(credentialsOfRequest(c), jobId, right, c.var.client.ip),
    authorizeToken: (token, jobId, right, ip) => authorizer.authorizeJob(credentialsOfText(token), jobId, right, ip),
    callerOf: (request) => new SocketCaller(request, options.clientOf(request.request), authorizer),
    issueToken: (jobId, scope = 'control', ttlMs = jobTokenMs) => tokens.issue(jobId, scope, ttlMs),
    issueTicket: (job) => tokens.issueTicket(job),
    publicUrl: (c, path) => `${base ?? c.var.client.origin}${path}`,
    createJob: (c, principal, type, input, more) => createJob(creator, c, principal, type, input, more),
    async isRepetition(c, principal) {
      const key = keyOf(c, principal)
      return key !== undefined && (await engine.stores.jobs.findByKey(key)) !== undefined
    },
    retryJob: (c, principal, job) => retryJob(creator, c, principal, job),
    waitIfPreferred: (c, job) => waitIfPreferred(c, job, { engine, maxSeconds: options.maxPreferWaitSeconds, stopping: options.closing }),
    async streamLog(c, job, dialect, more = {}) {
      const headers = { ...c.var.answerHeaders, ...more.headers }
      await serveSse(c.env.incoming, c.env.outgoing, { delivery, job, dialect, after: c.req.query('after'), ...more, headers })
      return RESPONSE_ALREADY_SENT
    },
    readJson: (c, schema, more) => readJson(c, schema, { maxBytes: maxJsonBytes, ...more }),
    readQuery,
    readParams,
    problem: (error, c) => problemResponse(error, c),
    rateLimit: (name, part) => rateLimit(limits, name, part),
    async consume(limit, ip) {
      const state = await limits.consume(limit, ip)
      if (state?.exceeded === true) throw limitExceeded(state)
    },
  }
}

/** A ticket counts only for streams: it stands in URLs, which end up in histories and logs. */
function credentialsOfRequest(c: ServerContext): Credentials {
  return credentialsOf((name) => c.req.header(name), c.var.takesTickets === true ? c.req.query('ticket') : undefined)
}
