import { followAnswerSchema, followBodySchema } from '@headway/protocol'
import type { FollowBody, ServerMessage } from '@headway/protocol'
import type { MessageDescription, SampleMessage } from '../asyncapi/channel-description.js'
import { nameSchema } from '../openapi/json-schema.js'
import { EXAMPLE_JOB_ID as jobId, exampleEvent } from './examples.js'
import { socketServerMessages } from './socket-messages.js'

/** What a client asks for, as an example. */
export const EXAMPLE_FOLLOW: FollowBody = { jobs: [{ jobId, after: 4 }], lists: false }

/** Said over a WebSocket only: answers to what a client says there. */
const OF_SOCKETS: ReadonlySet<string> = new Set(['JobSocketAccepted', 'JobSocketPong'])

/** What a stream of `POST /follow` says. None has an id: each has the numbers that it needs. */
export const followMessages: readonly MessageDescription[] = socketServerMessages
  .filter(({ name }) => !OF_SOCKETS.has(name))
  .map((message) => ({ ...message, hasId: false }))

const said: readonly ServerMessage[] = [
  { type: 'welcome', version: '0.1.0', connectionId: 'c-1', maxJobs: 100, heartbeatMs: 30_000 },
  { type: 'attached', jobId, after: 4, head: 5 },
  { type: 'event', jobId, seq: 5, event: exampleEvent(5, 'completed', { result: { counted: 1 } }) },
  { type: 'end', jobId, seq: 5 },
]

nameSchema('FollowRequest', followBodySchema, {
  description: 'The jobs that one connection follows, each from its cursor',
  example: EXAMPLE_FOLLOW,
})
nameSchema('FollowAnswer', followAnswerSchema, {
  description: 'What there is of several logs: messages as `/ws` has them',
  example: { messages: said.slice(1) },
})

/** A short stream from its beginning to its end. */
export const followSample: readonly SampleMessage[] = said.map((data) => ({ data }))
