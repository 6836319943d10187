import { CLOSE_CODES } from '@headway/protocol'
import { messageOf, pascal } from '@headway/server'
import type { Access, ChannelDescription, MessageDescription } from '@headway/server'
import { z } from 'zod'
import { ERROR_BODY } from './error-body.js'
import { FILTERS_TAG, PATHS } from './paths.js'
import { describedCompileBodySchema, EXAMPLE_BODY, requestIdParamsSchema } from './schemas.js'
import { compileStreamMessages, compileStreamSample } from './stream-messages.js'
import { COMPILE_SOCKET_PATH } from './websocket/compile-socket.js'
import { clientMessageSchema, serverMessageSchema } from './websocket/messages.js'

const STREAM = {
  transport: 'sse',
  tags: [FILTERS_TAG.name],
  sends: compileStreamMessages,
  sample: compileStreamSample,
} as const

/** `POST /compile/stream`. */
export const compileStreamChannel: ChannelDescription = {
  ...STREAM,
  name: 'compileStream',
  path: PATHS.stream,
  method: 'post',
  title: 'Compile a list and see every step',
  description:
    'Every message has an `event` name. The first, `job`, has the id and the token of the compilation; a stream that breaks off is taken up again by `GET /compile/stream/{requestId}`.',
  access: 'optional',
  takes: [
    {
      name: 'CompileRequest',
      summary: 'The list to compile',
      schema: describedCompileBodySchema,
      examples: [EXAMPLE_BODY],
    },
  ],
}

/** `GET /compile/stream/{requestId}`. */
export const compilationChannel: ChannelDescription = {
  ...STREAM,
  name: 'compilation',
  path: PATHS.streamOf,
  title: 'Follow a compilation',
  description: 'The messages of `POST /compile/stream`, from the start or from `Last-Event-ID` on.',
  access: 'job',
  params: requestIdParamsSchema,
}

/** `GET /ws/compile`. */
const compileSocketChannel: ChannelDescription = {
  name: 'compileSocket',
  transport: 'websocket',
  path: COMPILE_SOCKET_PATH,
  tags: [FILTERS_TAG.name],
  title: 'Compile lists over a WebSocket',
  description:
    'Up to 3 compilations at a time, each a session that the client names. They can be cancelled and paused, and attached to again after the connection was lost.',
  access: 'optional',
  headers: z.object({
    'Sec-WebSocket-Protocol': z.string().optional().describe('An API key, where the server asks for one'),
  }),
  errorBody: ERROR_BODY,
  sends: messagesOf(serverMessageSchema.options),
  takes: messagesOf(clientMessageSchema.options),
  closes: {
    [CLOSE_CODES.policy]: 'Bad messages',
    1009: 'A message is far too large',
    [CLOSE_CODES.restart]: 'The server stops: come back after a moment',
    [CLOSE_CODES.tryLater]: 'The server has too much to do: come back later',
    [CLOSE_CODES.unauthorized]: 'No valid key',
    [CLOSE_CODES.forbidden]: 'The key does not allow it',
    [CLOSE_CODES.timeout]: 'No answer to pings; or no message and no session for 5 minutes',
  },
}

/** The channels of this service. @param access who may compile */
export function filtersChannels(access: Access): readonly ChannelDescription[] {
  const open = access === 'key' ? 'key' : 'optional'
  return [{ ...compileStreamChannel, access: open }, compilationChannel, { ...compileSocketChannel, access: open }]
}

function messagesOf(schemas: typeof serverMessageSchema.options | typeof clientMessageSchema.options): MessageDescription[] {
  return schemas.map((schema) => {
    const { type } = schema.shape
    // Messages that are alike share a schema: the first gives it its name.
    const [name = ''] = 'options' in type ? type.options : type.values
    return messageOf(`CompileSocket${pascal(name)}`, schema)
  })
}
