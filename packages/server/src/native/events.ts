import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response'
import { DEFAULT_PAGE_EVENTS, eventPageSchema, eventTypeSchema, MAX_POLL_WAIT_SECONDS, ROUTES } from '@headway/protocol'
import { z } from 'zod'
import { varyBy } from '../answer-headers.js'
import type { ServerApp } from '../context.js'
import { nativeDialect } from '../delivery/native-dialect.js'
import { serveNdjson } from '../delivery/ndjson.js'
import { pollEvents } from '../delivery/poll.js'
import type { ServerKit } from '../kit.js'
import { requireAccepted } from '../negotiate.js'
import { addRoute } from '../openapi/add-route.js'
import { eventsChannel } from './channels.js'
import { goneSignal } from './gone-signal.js'
import { jobParamsSchema } from './schemas.js'
import { EVENTS_TAG } from './tags.js'

const querySchema = z.object({
  after: z.string().max(32).optional().describe('The cursor: the last seq that you have, 0 for all'),
  limit: z.coerce.number().int().min(1).max(DEFAULT_PAGE_EVENTS).optional().describe('Only for a page: the most events in it'),
  wait: z.coerce.number().min(0).max(MAX_POLL_WAIT_SECONDS).optional().describe('Only for a page: wait so many seconds for news'),
  types: z
    .string()
    .max(2000)
    .refine(
      (text) => text.split(',').every((type) => eventTypeSchema.safeParse(type).success),
      'names of event types with commas between them',
    )
    .optional()
    .describe('Only for a page: only events of these types, separated by commas'),
  ticket: z.string().optional().describe('A ticket, instead of a header'),
})

/** `GET /jobs/{id}/events`: the log, as a stream (SSE or NDJSON) or by pages (JSON), as the client accepts. */
export function mountEvents(app: ServerApp, kit: ServerKit): void {
  addRoute(
    app,
    {
      method: 'get',
      path: ROUTES.events,
      tags: [EVENTS_TAG.name],
      summary: "Follow a job's log",
      description:
        'As `text/event-stream` or `application/x-ndjson` the answer goes on until the last event of the job; as `application/json` it is one page.',
      access: 'job',
      params: jobParamsSchema,
      query: querySchema,
      responses: {
        200: {
          description: 'A page of events, or a stream: each message is one event',
          content: { 'application/json': eventPageSchema, 'text/event-stream': eventsChannel, 'application/x-ndjson': eventsChannel },
          headers: { ETag: 'Of a page; it changes with every event', 'Retry-After': 'When to ask again for an empty page' },
        },
        304: { description: 'The page is the one that `If-None-Match` names' },
      },
      errors: ['VALIDATION_ERROR', 'INVALID_CURSOR', 'JOB_NOT_FOUND', 'NOT_ACCEPTABLE', 'OVERLOADED', 'SHUTTING_DOWN'],
    },
    kit.rateLimit('api'),
    async (c) => {
      const job = await kit.authorizeJob(c, c.req.param('id') ?? '', 'read')
      const query = kit.readQuery(c, querySchema)
      varyBy(c, 'Accept')
      switch (requireAccepted(c, ['application/json', 'text/event-stream', 'application/x-ndjson'])) {
        case 'text/event-stream':
          return kit.streamLog(c, job, nativeDialect, { after: query.after })
        case 'application/x-ndjson':
          await serveNdjson(c.env.incoming, c.env.outgoing, {
            delivery: kit.delivery,
            job,
            after: query.after,
            headers: c.var.answerHeaders,
          })
          return RESPONSE_ALREADY_SENT
        case 'application/json': {
          const answer = await pollEvents({
            delivery: kit.delivery,
            job,
            after: query.after,
            limit: query.limit,
            types: query.types?.split(','),
            waitSeconds: query.wait,
            ifNoneMatch: c.req.header('if-none-match'),
            signal: goneSignal(c),
          })
          return c.newResponse(answer.status === 304 ? null : answer.body, answer.status, answer.headers)
        }
      }
    },
  )
}
