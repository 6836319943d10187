import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response'
import { HeadwayError } from '@headway/core'
import { followAnswerSchema, followBodySchema, followQuerySchema, ROUTES } from '@headway/protocol'
import { varyBy } from '../answer-headers.js'
import type { ServerApp, ServerContext } from '../context.js'
import { pollFollow } from '../delivery/follow-poll.js'
import { serveFollow } from '../delivery/follow-stream.js'
import type { FollowRights } from '../delivery/native-follower.js'
import type { ServerKit } from '../kit.js'
import { requireAccepted } from '../negotiate.js'
import { addRoute } from '../openapi/add-route.js'
import { followChannel } from './channels.js'
import { goneSignal } from './gone-signal.js'
import { EVENTS_TAG } from './tags.js'

/** `POST /follow`: the logs of any number of jobs over one connection. */
export function mountFollow(app: ServerApp, kit: ServerKit): void {
  addRoute(
    app,
    {
      method: 'post',
      path: ROUTES.follow,
      tags: [EVENTS_TAG.name],
      summary: 'Follow several jobs over one connection',
      description: followChannel.description,
      access: 'job',
      query: followQuerySchema,
      body: { schema: followBodySchema, required: true },
      responses: {
        200: {
          description: 'A stream, or what there is',
          content: { 'application/json': followAnswerSchema, 'text/event-stream': followChannel },
        },
      },
      errors: ['INVALID_JSON', 'VALIDATION_ERROR', 'TOKEN_EXPIRED', 'NOT_ACCEPTABLE', 'OVERLOADED', 'SHUTTING_DOWN'],
    },
    kit.rateLimit('api'),
    async (c) => {
      const rights = await rightsOf(c, kit)
      const { wait } = kit.readQuery(c, followQuerySchema)
      varyBy(c, 'Accept')
      const accepted = requireAccepted(c, ['application/json', 'text/event-stream'])
      const { jobs, lists = false } = await kit.readJson(c, followBodySchema)
      const { delivery, version } = kit
      const { maxFollowJobs } = delivery.settings
      if (jobs.length > maxFollowJobs) throw tooMany(maxFollowJobs)
      const options = { delivery, version, rights, jobs, lists }
      if (accepted === 'application/json') {
        const body = await pollFollow({ ...options, waitSeconds: wait, signal: goneSignal(c) })
        return c.body(body, 200, { 'Content-Type': 'application/json', 'Cache-Control': 'no-store' })
      }
      serveFollow(c.env.incoming, c.env.outgoing, { ...options, headers: c.var.answerHeaders })
      return RESPONSE_ALREADY_SENT
    },
  )
}

/** What whoever asks may see, by its header. @throws HeadwayError UNAUTHORIZED, TOKEN_EXPIRED, RATE_LIMIT_EXCEEDED when that is good for nothing */
async function rightsOf(c: ServerContext, kit: ServerKit): Promise<FollowRights> {
  // As at a socket without a subprotocol. Tickets are for URLs, which this has no use for.
  const caller = kit.callerOf({ request: c.env.incoming, url: new URL(ROUTES.follow, 'http://localhost'), token: undefined })
  await caller.check()
  return {
    readJob: (jobId, token) => caller.authorizeJob(jobId, 'read', token),
    readLists: () => caller.mayReadLists(),
  }
}

function tooMany(most: number): HeadwayError {
  const message = `at most ${most} jobs can be followed over one connection`
  return new HeadwayError('VALIDATION_ERROR', `The body does not fit: /jobs: ${message}`, { fields: [{ pointer: '/jobs', message }] })
}
