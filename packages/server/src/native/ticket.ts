import { ROUTES, ticketSchema } from '@headway/protocol'
import type { ServerApp } from '../context.js'
import type { ServerKit } from '../kit.js'
import { addRoute } from '../openapi/add-route.js'
import { jobParamsSchema } from './schemas.js'
import { EVENTS_TAG } from './tags.js'

/** `POST /jobs/{id}/ticket`: a URL for a bare EventSource, which can send no header. */
export function mountTicket(app: ServerApp, kit: ServerKit): void {
  addRoute(
    app,
    {
      method: 'post',
      path: ROUTES.ticket,
      tags: [EVENTS_TAG.name],
      summary: "Make a URL that reads a job's log without any header",
      description: 'It can only read, and ends one hour after the job, 24 hours from now at the latest.',
      access: 'job',
      params: jobParamsSchema,
      responses: { 200: { description: 'The URL', content: { 'application/json': ticketSchema } } },
      errors: ['JOB_NOT_FOUND'],
    },
    kit.rateLimit('api'),
    async (c) => {
      const job = await kit.authorizeJob(c, c.req.param('id') ?? '', 'read')
      const { token, expiresAt } = await kit.issueTicket(job)
      const eventsUrl = kit.publicUrl(c, `${ROUTES.events.replace('{id}', job.id)}?ticket=${token}`)
      return c.json({ eventsUrl, expiresAt: expiresAt.toISOString() })
    },
  )
}
