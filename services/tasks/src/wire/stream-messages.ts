import { resetSchema } from '@headway/protocol'
import type { MessageDescription, SampleMessage } from '@headway/server'
import { z } from 'zod'
import { logEntrySchema, updateSchema } from '../runner/task-events.js'
import { EXAMPLE_LINE, EXAMPLE_TASK, EXAMPLE_TIME, FINISHED_TASK } from './examples.js'
import { taskSchema } from './task-view.js'

/** A task as updates show it. What a change does not know is absent, which leaves it as it was. */
const updatedTaskSchema = taskSchema.partial({ progress: true, startedAt: true }).extend({
  ...updateSchema.pick({ step: true, message: true, paused: true }).shape,
  logs: updateSchema.shape.logs.optional().describe('The latest lines; all of them come as `log` messages'),
})

const LOG = { type: 'log', log: EXAMPLE_LINE }
const UPDATE = { type: 'update', task: { ...EXAMPLE_TASK, progress: 33, step: 'ios', message: '3 of 9', logs: [EXAMPLE_LINE] } }
const LAST_UPDATE = { type: 'update', task: { ...FINISHED_TASK, logs: [EXAMPLE_LINE] } }
const END = { type: 'end' }

/** What the stream of a task says. */
export const taskStreamMessages: readonly MessageDescription[] = [
  {
    name: 'TaskConnected',
    hasId: false,
    summary: 'The first message of every connection: the task as it is now',
    schema: z.object({ type: z.literal('connected'), task: taskSchema }),
    examples: [{ type: 'connected', task: EXAMPLE_TASK }],
  },
  {
    name: 'TaskLog',
    summary: 'A line of output',
    description: 'A line of output: `stdout` and `stderr` are of the programs, `info`, `success` and `error` what the runner itself does.',
    schema: z.object({ type: z.literal('log'), log: logEntrySchema }),
    examples: [LOG, { type: 'log', log: { timestamp: EXAMPLE_TIME, level: 'info', message: 'Executing: node programs/check.mjs' } }],
  },
  {
    name: 'TaskUpdate',
    summary: 'The task has changed',
    schema: z.object({ type: z.literal('update'), task: updatedTaskSchema }),
    examples: [UPDATE, LAST_UPDATE],
  },
  {
    name: 'TaskReset',
    hasId: false,
    summary: 'The history after the cursor is gone: throw away what you have of the task',
    schema: resetSchema.extend({}),
    examples: [{ type: 'reset', reason: 'pruned', after: 0, head: 0 }],
  },
  {
    name: 'TaskEnd',
    summary: 'The last message: the task is over',
    schema: z.object({ type: z.literal('end') }),
    examples: [END],
  },
]

/** A task from its beginning to its end. One event makes the last update and the end. */
export const taskStreamSample: readonly SampleMessage[] = [
  { data: { type: 'connected', task: EXAMPLE_TASK } },
  { id: '3', data: LOG },
  { id: '4', data: UPDATE },
  { id: '5.1', data: LAST_UPDATE },
  { id: '5', data: END },
]
