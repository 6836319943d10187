import { CLOSE_CODES, followBodySchema, followQuerySchema, ROUTES } from '@headway/protocol'
import { z } from 'zod'
import type { ChannelDescription } from '../asyncapi/channel-description.js'
import { eventMessages, eventSample } from './event-messages.js'
import { EXAMPLE_FOLLOW, followMessages, followSample } from './follow-messages.js'
import { jobParamsSchema } from './schemas.js'
import { socketClientMessages, socketServerMessages } from './socket-messages.js'
import { EVENTS_TAG } from './tags.js'

/** `GET /jobs/{id}/events` as Server-Sent Events. */
export const eventsChannel: ChannelDescription = {
  name: 'jobEvents',
  transport: 'sse',
  path: ROUTES.events,
  tags: [EVENTS_TAG.name],
  title: "A job's log",
  description:
    'Every event is one message without a name, its `id` is its `seq`. The comment `: heartbeat` goes out when nothing else did for a while. The stream ends after the terminal event.',
  access: 'job',
  params: jobParamsSchema,
  sends: eventMessages,
  sample: eventSample,
}

/** `GET /ws`. */
export const socketChannel: ChannelDescription = {
  name: 'jobSocket',
  transport: 'websocket',
  path: ROUTES.websocket,
  tags: [EVENTS_TAG.name],
  title: 'Follow and control jobs over one WebSocket',
  description:
    'Any number of jobs up to `maxJobs`. The token (an API key or the token of a job) is offered as the first subprotocol and echoed, or it is in the headers; where the connection shows none, each `attach` brings the token of its job.',
  access: 'job',
  query: z.object({ ticket: z.string().optional().describe('A ticket, instead of a header: it reads one job') }),
  headers: z.object({
    'Sec-WebSocket-Protocol': z.string().optional().describe('The token'),
  }),
  sends: socketServerMessages,
  takes: socketClientMessages,
  closes: {
    [CLOSE_CODES.policy]: 'Bad messages',
    [CLOSE_CODES.restart]: 'The server stops: come back after a moment',
    [CLOSE_CODES.tryLater]: 'The server has too much to do: come back later',
    [CLOSE_CODES.unauthorized]: 'No valid token',
    [CLOSE_CODES.forbidden]: 'The token does not allow it',
    [CLOSE_CODES.timeout]: 'No answer to pings; or no job attached in time; or nothing watched and nothing said for a while',
  },
}

/** `POST /follow` as Server-Sent Events. */
export const followChannel: ChannelDescription = {
  name: 'jobFollow',
  transport: 'sse',
  method: 'post',
  path: ROUTES.follow,
  tags: [EVENTS_TAG.name],
  title: 'Follow several jobs over one connection',
  description:
    'Each message of the stream is one message of `/ws` as its data, without a name or an id. It begins with `welcome`, and ends when all of the jobs have ended, unless `lists` is on. A job that may not be read gives an `error` with its `jobId`, the others go on. As `application/json` it is a poll: what there is, or after `wait` seconds nothing; the cursor of a job is the last `seq` that came of it, or the `after` of its `reset`. The API key or the token of a job is in a header, or the body has the token of each job.',
  access: 'job',
  query: followQuerySchema,
  sends: followMessages,
  sample: followSample,
  takes: [{ name: 'FollowRequest', summary: 'The jobs to follow', schema: followBodySchema, examples: [EXAMPLE_FOLLOW] }],
}
