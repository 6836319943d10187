import { jobIdSchema, jobTypeNameSchema, jsonSchema, problemSchema, seqSchema } from '@headway/protocol'
import { nameSchema } from '@headway/server'
import { z } from 'zod'
import { apiDescriptionSchema } from './api-description.js'
import {
  EXAMPLE_CREATED,
  EXAMPLE_DESCRIPTION,
  EXAMPLE_LINE,
  EXAMPLE_STREAM_URL,
  EXAMPLE_TASK,
  EXAMPLE_TASK_ID,
  FINISHED_TASK,
} from './examples.js'
import { numberedLineSchema } from './latest-lines.js'
import { TASK_STATUSES, taskSchema } from './task-view.js'

export const PROBLEM_CONTENT_TYPE = 'application/problem+json'

const success = z.literal(true)

/** How many lines an answer has when the client names no number: the latest ones. */
export const DEFAULT_LOGS_LIMIT = 50

/** The answer to a creation. `task` is there when it is over already. */
export const taskCreatedSchema = z.object({
  success,
  taskId: z.string(),
  type: z.string(),
  status: z.enum(TASK_STATUSES),
  streamUrl: z.url(),
  statusUrl: z.url(),
  task: taskSchema
    .extend({ logs: z.array(numberedLineSchema) })
    .optional()
    .describe('The finished task, where the answer waited for it'),
})

/** A task with lines of its output. `nextLogsAfter` asks for the lines after these. */
export const taskStatusSchema = z.object({
  success,
  task: taskSchema.extend({ logs: z.array(numberedLineSchema) }),
  nextLogsAfter: seqSchema.describe('The `logsAfter` that asks for the lines after these'),
})

export const taskAnswerSchema = z.object({ success, task: taskSchema })
export const taskListSchema = z.object({
  success,
  tasks: z.array(taskSchema),
  nextCursor: z.string().nullable().describe('Gives the next page; null on the last one'),
})
export const taskTicketSchema = z.object({ success, streamUrl: z.url(), expiresAt: z.iso.datetime() })
export const taskProblemSchema = problemSchema.extend({ success: z.literal(false) })

export const statusQuerySchema = z.object({
  logsAfter: z.coerce.number().int().nonnegative().optional().describe('Only lines after this one; without it, the latest lines'),
  logsLimit: z.coerce.number().int().min(0).max(1000).default(DEFAULT_LOGS_LIMIT).describe('At most so many lines'),
})

export const listQuerySchema = z.object({
  type: z.string().max(64).optional().describe('Only tasks of this type'),
  status: z.enum(TASK_STATUSES).optional().describe('Only tasks with this status'),
  limit: z.coerce.number().int().min(1).max(200).default(50).describe('The most tasks in the page'),
  cursor: z.string().max(512).optional().describe('The `nextCursor` of an earlier page'),
})

export const createHeadersSchema = z.object({
  'Idempotency-Key': z.string().max(255).optional().describe('The same key makes one task, however often the request is sent'),
  Prefer: z.string().optional().describe('`wait=N`: answer when the task is over, or after N seconds (RFC 7240)'),
})

export const taskIdSchema = z.object({ taskId: jobIdSchema.describe('The id of the task').meta({ examples: [EXAMPLE_TASK_ID] }) })
export const typeSchema = z.object({ type: jobTypeNameSchema.describe('A task type').meta({ examples: [EXAMPLE_TASK.type] }) })
export const parametersSchema = z.record(z.string(), jsonSchema)
export const reasonSchema = z.object({ reason: z.string().max(500).optional().describe('Why, for the log of the task') })

nameSchema('Task', taskSchema, { description: 'A task, without its lines. Times are ISO 8601 in UTC', example: FINISHED_TASK })
nameSchema('TaskParameters', parametersSchema, { description: 'The parameters of the task type', example: { version: 'v885' } })
nameSchema('TaskCreated', taskCreatedSchema, { description: 'The answer to a creation', example: EXAMPLE_CREATED })
nameSchema('TaskStatus', taskStatusSchema, {
  description: 'A task with lines of its output',
  example: { success: true, task: { ...FINISHED_TASK, logs: [{ ...EXAMPLE_LINE, seq: 3 }] }, nextLogsAfter: 3 },
})
nameSchema('TaskAnswer', taskAnswerSchema, { description: 'A task as it is now', example: { success: true, task: EXAMPLE_TASK } })
nameSchema('TaskList', taskListSchema, {
  description: 'A page of tasks, newest first',
  example: { success: true, tasks: [FINISHED_TASK], nextCursor: null },
})
nameSchema('TaskTicket', taskTicketSchema, {
  description: "A URL that reads a task's stream without any header, until it expires",
  example: {
    success: true,
    streamUrl: `${EXAMPLE_STREAM_URL}?ticket=eyJhbGciOiJIUzI1NiJ9.eyJ0In0.c2ln`,
    expiresAt: '2025-11-26T11:30:09.871Z',
  },
})
nameSchema('TaskProblem', taskProblemSchema, { description: 'A problem document (RFC 9457) with `success: false`' })
nameSchema('TasksApi', apiDescriptionSchema, { description: 'The routes and task types of this server', example: EXAMPLE_DESCRIPTION })
