import { HeadwayError } from '@headway/core'
import type { StoredJob } from '@headway/core'
import { addRoute } from '@headway/server'
import type { JobRight, RouteDescription, ServerApp, ServerContext, ServerKit } from '@headway/server'
import type { MiddlewareHandler, Next } from 'hono'
import { BATCH_JOB_TYPE } from '../jobs/batch-input.js'
import { COMPILE_JOB_TYPE } from '../jobs/compile-input.js'
import type { Figures } from '../jobs/figures.js'
import { COMPILE_LIMIT } from './compilations.js'
import type { Compilations, Requester } from './compilations.js'
import { ERROR_BODY } from './error-body.js'
import { FILTERS_TAG } from './paths.js'
import type { RequestCheck } from './request-check.js'
import { mountCompile } from './routes-compile.js'
import { mountQueue } from './routes-queue.js'
import { mountStreams } from './routes-stream.js'
import { jobTokenHeadersSchema } from './schemas.js'

type Description = Omit<RouteDescription, 'tags' | 'errorBody'>

/** What the routes of this service have in common. */
export interface RouteTools {
  readonly kit: ServerKit
  readonly compilations: Compilations
  readonly figures: Figures
  /** The largest body, in bytes. */
  readonly maxBodyBytes: number
  readonly check: RequestCheck
  /** Adds a route. `limit` is the named limit under which its requests count. */
  readonly add: (description: Description, limit: 'api' | typeof COMPILE_LIMIT, handler: (c: ServerContext) => Promise<Response>) => void
  /** Whoever may begin compilations. */
  readonly requester: (c: ServerContext) => Promise<Requester>
  /** The compilation or batch of the path, for whoever has its token or a key. */
  readonly authorized: (c: ServerContext, right: JobRight) => Promise<StoredJob>
}

export interface RouteOptions {
  readonly figures: Figures
  readonly maxBodyBytes: number
  readonly check: RequestCheck
}

/** Adds the routes of the filters service. */
export function mountRoutes(app: ServerApp, kit: ServerKit, compilations: Compilations, options: RouteOptions): void {
  const mayRun = async (c: ServerContext, next: Next): Promise<void> => {
    await kit.requireRole(c, 'run', compilations.access)
    return next()
  }
  const limits: Record<'api' | typeof COMPILE_LIMIT, MiddlewareHandler[]> = {
    api: [kit.rateLimit('api')],
    // Who may not begin compilations uses up none of those of an address that others may share.
    [COMPILE_LIMIT]: [mayRun, kit.rateLimit(COMPILE_LIMIT)],
  }
  const open = compilations.access === 'key' ? 'key' : 'optional'
  const tools: RouteTools = {
    kit,
    compilations,
    ...options,
    add: (description, limit, handler) =>
      addRoute(
        app,
        {
          ...description,
          access: description.access === 'public' ? open : description.access,
          ...(description.access === 'job' && { headers: jobTokenHeadersSchema.extend(description.headers?.shape ?? {}) }),
          tags: [FILTERS_TAG.name],
          errorBody: ERROR_BODY,
        },
        ...limits[limit],
        handler,
      ),
    requester: async (c) => ({
      principal: await kit.requireRole(c, 'run', compilations.access),
      ip: c.var.client.ip,
      context: c,
    }),
    authorized: (c, right) => authorizedJob(c, kit, right),
  }
  mountCompile(tools)
  mountStreams(tools)
  mountQueue(tools)
}

/** Jobs of other services are none. */
async function authorizedJob(c: ServerContext, kit: ServerKit, right: JobRight): Promise<StoredJob> {
  const id = c.req.param('requestId') ?? ''
  const token = c.req.header('x-job-token')
  const job = token === undefined ? await kit.authorizeJob(c, id, right) : await kit.authorizeToken(token, id, right, c.var.client.ip)
  if (job.type !== COMPILE_JOB_TYPE && job.type !== BATCH_JOB_TYPE) {
    throw new HeadwayError('JOB_NOT_FOUND', `There is no compilation ${id}; it may have been pruned.`)
  }
  return job
}
