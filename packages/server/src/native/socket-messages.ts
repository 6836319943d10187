import { clientMessageSchema, serverMessageSchema } from '@headway/protocol'
import type { ClientMessage, ServerMessage } from '@headway/protocol'
import type { MessageDescription } from '../asyncapi/channel-description.js'
import { pascal } from '../openapi/pascal.js'
import { EXAMPLE_JOB_ID as jobId, EXAMPLE_TOKEN, exampleEvent } from './examples.js'

type Type<Message extends { readonly type: string }> = Message['type']
type Words<Message extends { readonly type: string }> = Record<
  Type<Message>,
  { readonly summary: string; readonly example: Omit<Message, 'type'> & Readonly<Record<string, unknown>> }
>

const CLIENT: Words<ClientMessage> = {
  attach: { summary: 'Follow a job from a cursor', example: { jobId, after: 0, token: EXAMPLE_TOKEN } },
  detach: { summary: 'Stop following a job', example: { jobId } },
  cancel: { summary: 'Stop a job for good', example: { jobId, reason: 'wrong input' } },
  pause: { summary: 'Hold a job', example: { jobId } },
  resume: { summary: 'Let a paused job go on', example: { jobId } },
  lists: { summary: 'Be told when jobs have changed, or no more', example: { on: true } },
  ping: { summary: 'Is anybody there? Answered by `pong`', example: {} },
}

const SERVER: Words<ServerMessage> = {
  welcome: {
    summary: 'The first message of every connection',
    example: { version: '0.1.0', connectionId: 'c-1', maxJobs: 100, heartbeatMs: 30_000 },
  },
  attached: { summary: "The job's events follow, from the cursor on", example: { jobId, after: 0, head: 5 } },
  event: { summary: "One event of a job's log", example: { jobId, seq: 4, event: exampleEvent(4, 'number', { number: 2 }) } },
  reset: {
    summary: 'The history after the cursor is gone: throw away what you have of the job',
    example: { jobId, reason: 'pruned', after: 0, head: 0 },
  },
  end: { summary: 'The terminal event was sent', example: { jobId, seq: 6 } },
  detached: { summary: 'The job is not followed any more', example: { jobId } },
  'jobs.changed': {
    summary: 'Jobs have changed: fetch again what you show of them. A hint, at most 4 times a second; some may be in vain, or be lost',
    example: { jobIds: [jobId], more: false },
  },
  accepted: {
    summary: 'What was asked of a job was taken on; it has happened when an event says so',
    example: { jobId, request: 'cancel' },
  },
  heartbeat: { summary: 'There was nothing else to say for a while', example: {} },
  pong: { summary: 'The answer to `ping`', example: {} },
  error: {
    summary: 'A message could not be done; `code` is stable',
    example: { code: 'JOB_NOT_FOUND', message: 'There is no job with this id; it may have been pruned.', jobId },
  },
}

/** What clients say on `/ws`. Cancel, pause and resume are one shape with three types. */
export const socketClientMessages: readonly MessageDescription[] = clientMessageSchema.options.map((schema) => {
  const { type: kind } = schema.shape
  const types: readonly Type<ClientMessage>[] = 'options' in kind ? kind.options : [kind.value]
  const examples = types.map((type) => ({ type, ...CLIENT[type].example }))
  const [first, ...others] = examples as [unknown, ...unknown[]]
  return {
    name: `JobSocket${types.length > 1 ? 'Request' : pascal(types[0] ?? '')}`,
    summary: types.map((type) => CLIENT[type].summary).join('. '),
    schema,
    examples: [first, ...others],
  }
})

/** What the server says on `/ws`. */
export const socketServerMessages: readonly MessageDescription[] = serverMessageSchema.options.map((schema) => {
  const type = schema.shape.type.value
  return {
    name: `JobSocket${pascal(type)}`,
    summary: SERVER[type].summary,
    schema,
    examples: [{ type, ...SERVER[type].example }],
  }
})
