import { jobIdSchema } from '@headway/protocol'
import { addRoute } from '@headway/server'
import type { RouteDescription, ServerApp, ServerContext, ServerKit } from '@headway/server'
import type { MiddlewareHandler, Next } from 'hono'
import type { BookJobs } from './book-jobs.js'
import { BOOKS_TAG } from './paths.js'
import { errorBody } from './render-error.js'

/** The named rate limits of this service, for each address; that of statuses for each job, too: a phone may have several. */
export const LIMIT_NAMES = ['books-create', 'books-status', 'books-search', 'books-semantic'] as const
export type LimitName = (typeof LIMIT_NAMES)[number]

/** `by-setting`: for everybody, or for holders of API keys, as the setting has it. */
type Description = Omit<RouteDescription, 'tags' | 'errorBody' | 'access'> & { readonly access: RouteDescription['access'] | 'by-setting' }

/** Adds a route. `limit` is the named limit under which its requests count. */
export type AddRoute = (description: Description, limit: LimitName | 'api', handler: (c: ServerContext) => Promise<Response>) => void

/** How routes of this service are added: their errors in the envelope, and who may come in as the setting says. */
export function routeAdder(app: ServerApp, kit: ServerKit, { access }: BookJobs): AddRoute {
  const mayRun = async (c: ServerContext, next: Next): Promise<void> => {
    await kit.requireRole(c, 'run', access)
    return next()
  }
  const open = access === 'key' ? 'key' : 'optional'
  return (description, limit, handler) => {
    const bySetting = description.access === 'by-setting'
    // Who may not come in uses up none of the limit of an address that others may share.
    const before: MiddlewareHandler[] = [...(limit !== 'api' && bySetting ? [mayRun] : []), ...limitsOf(kit, limit)]
    const whole = {
      ...description,
      access: description.access === 'by-setting' ? open : description.access,
      tags: [BOOKS_TAG.name],
      errorBody: errorBody(description.path),
    } as const
    addRoute(app, whole, ...before, handler)
  }
}

/** Whoever makes up ids of jobs comes to the limit of all requests. */
function limitsOf(kit: ServerKit, limit: LimitName | 'api'): MiddlewareHandler[] {
  if (limit !== 'books-status') return [kit.rateLimit(limit)]
  const jobOf = (c: ServerContext): string => jobIdSchema.safeParse(c.req.param('jobId')).data ?? ''
  return [kit.rateLimit('api'), kit.rateLimit(limit, jobOf)]
}
