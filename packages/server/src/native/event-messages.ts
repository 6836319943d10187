import { commonSchemas, jobEventSchema, lifecycleSchemas, resetSchema } from '@headway/protocol'
import type { JobEvent } from '@headway/protocol'
import { z } from 'zod'
import type { MessageDescription, SampleMessage } from '../asyncapi/channel-description.js'
import { pascal } from '../openapi/pascal.js'
import { EXAMPLE_TIME, exampleEvent } from './examples.js'

type KnownType = keyof typeof lifecycleSchemas | keyof typeof commonSchemas

const WORKER = 'node-1:4711'

/** What every event says whose type the engine knows, with an example of its data. */
const EVENTS: Record<KnownType, { readonly summary: string; readonly data: JobEvent['data'] }> = {
  created: { summary: 'The job was created: always event 1', data: { type: 'count', input: { to: 3 } } },
  claimed: { summary: 'A worker took the job', data: { worker: WORKER, epoch: 1, attempt: 1, recoveries: 0 } },
  released: { summary: 'The worker gave the job back before its end', data: { reason: 'server_stopped', runAt: EXAMPLE_TIME } },
  recovered: {
    summary: 'The worker was lost, and the job waits for another',
    data: { reason: 'worker_lost', recoveries: 1, runAt: EXAMPLE_TIME },
  },
  cancelling: { summary: 'A cancel was asked for and the work is being stopped', data: { reason: 'wrong input' } },
  paused: { summary: 'The job rests until it is resumed', data: {} },
  resumed: { summary: 'The job goes on', data: {} },
  completed: { summary: 'The job is over: it has done its work', data: { result: { counted: 3 } } },
  failed: { summary: 'The job is over: it failed', data: { error: { code: 'job_error', message: 'The disk is full.' } } },
  cancelled: { summary: 'The job is over: it was cancelled', data: { reason: 'wrong input' } },
  progress: { summary: 'How far the job has come', data: { done: 2, total: 3, message: 'two of three' } },
  log: { summary: 'The job has something to say', data: { level: 'info', message: 'Counting to 3.' } },
}

/** The events of a job's log as the native API shows them, and what a stream says when history is gone. */
export const eventMessages: readonly MessageDescription[] = [
  ...Object.entries({ ...lifecycleSchemas, ...commonSchemas }).map(([type, data]): MessageDescription => {
    const { summary, data: example } = EVENTS[type as KnownType]
    return {
      name: `Job${pascal(type)}`,
      summary,
      schema: jobEventSchema.extend({ type: z.literal(type), data }),
      examples: [exampleEvent(type === 'created' ? 1 : 3, type, example)],
    }
  }),
  {
    name: 'JobEvent',
    summary: 'Anything else that happens in a job: its types belong to the job type',
    schema: jobEventSchema,
    examples: [exampleEvent(4, 'number', { number: 2 })],
  },
  {
    name: 'Reset',
    hasId: false,
    summary: 'The history after the cursor is gone: throw away what you have of the job',
    schema: resetSchema,
    examples: [{ type: 'reset', reason: 'pruned', after: 0, head: 0 }],
  },
]

/** A job from its first event to its last. */
export const eventSample: readonly SampleMessage[] = [
  exampleEvent(1, 'created', { type: 'count', input: { to: 1 } }),
  exampleEvent(2, 'claimed', EVENTS.claimed.data),
  exampleEvent(3, 'number', { number: 1 }),
  exampleEvent(4, 'progress', { done: 1, total: 1 }),
  exampleEvent(5, 'completed', { result: { counted: 1 } }),
].map((data) => ({ id: String(data.seq), data }))
