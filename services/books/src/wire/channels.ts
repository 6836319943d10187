import { CLOSE_CODES } from '@headway/protocol'
import { messageOf, pascal } from '@headway/server'
import type { ChannelDescription, MessageDescription } from '@headway/server'
import { z } from 'zod'
import { errorBody } from './render-error.js'
import { JOB_KIND_NAMES, JOB_KINDS, jobPaths } from './kinds.js'
import { BOOKS_TAG, PATHS, SOCKET_PATH } from './paths.js'
import { clientMessageSchema } from './socket/client-messages.js'
import { socketMessages } from './socket/server-messages.js'
import { streamMessages, streamSample } from './stream-messages.js'

const known = new Map<string, ChannelDescription>()

/** The channel of one of the streams of this service. */
export function booksStreamChannel(path: string, title: string): ChannelDescription {
  const found = known.get(path)
  if (found !== undefined) return found
  const channel: ChannelDescription = {
    transport: 'sse',
    name: path === PATHS.importStream ? 'importStreamV2' : `${title}Stream`,
    path,
    tags: [BOOKS_TAG.name],
    title: `Follow the ${title}`,
    description:
      'A `progress` for every book, then `completed` with the books, `failed` or `canceled`. A client that comes back with `Last-Event-ID` misses nothing. When nothing happens for 5 minutes, `timeout` is sent and the stream ends.',
    access: 'job',
    params: z.object({ jobId: z.string().describe('The id of the job') }),
    sends: streamMessages,
    sample: streamSample,
  }
  known.set(path, channel)
  return channel
}

const socketChannel: ChannelDescription = {
  name: 'progressSocket',
  transport: 'websocket',
  path: SOCKET_PATH,
  tags: [BOOKS_TAG.name],
  title: 'Follow and cancel a job over a WebSocket',
  description:
    "One job for each connection. The job's token is the subprotocol, which is echoed; or the URL has a ticket, with which one can only look on. Streaming begins with `ready`, or after 2 s.",
  access: 'job',
  query: z.object({
    jobId: z.string().describe('The id of the job'),
    ticket: z.string().optional().describe('Reads the job, for a client that can send no subprotocol'),
  }),
  headers: z.object({ 'Sec-WebSocket-Protocol': z.string().optional().describe("The job's token") }),
  errorBody: errorBody(SOCKET_PATH),
  sends: socketMessages,
  takes: clientMessageSchema.options.map((schema): MessageDescription => {
    const [name = ''] = schema.shape.type.values
    return messageOf(`ProgressSocket${pascal(name)}`, schema)
  }),
  closes: {
    1000: 'The job is over',
    [CLOSE_CODES.policy]: 'Bad messages; or the URL names no job',
    1009: 'A message is far too large',
    [CLOSE_CODES.restart]: 'The server stops: come back after a moment',
    [CLOSE_CODES.tryLater]: 'The server has too much to do: come back later',
    [CLOSE_CODES.unauthorized]: 'No valid token',
    [CLOSE_CODES.forbidden]: 'The token is for another job',
    [CLOSE_CODES.timeout]: 'No answer to pings',
  },
}

/** The channels of this service. */
export function booksChannels(): readonly ChannelDescription[] {
  const streams = JOB_KIND_NAMES.map((name) => booksStreamChannel(jobPaths(name).stream, JOB_KINDS[name].title))
  return [booksStreamChannel(PATHS.importStream, 'import'), ...streams, socketChannel]
}
