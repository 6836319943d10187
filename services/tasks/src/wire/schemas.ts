import { problemSchema, seqSchema } from '@headway/protocol'
import { nameSchema } from '@headway/server'
import { z } from 'zod'
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
  task: taskSchema.extend({ logs: z.array(numberedLineSchema) }).optional(),
})

/** A task with lines of its output. `nextLogsAfter` asks for the lines after these. */
export const taskStatusSchema = z.object({
  success,
  task: taskSchema.extend({ logs: z.array(numberedLineSchema) }),
  nextLogsAfter: seqSchema,
})

export const taskAnswerSchema = z.object({ success, task: taskSchema })
export const taskListSchema = z.object({ success, tasks: z.array(taskSchema), nextCursor: z.string().nullable() })
export const taskTicketSchema = z.object({ success, streamUrl: z.url(), expiresAt: z.iso.datetime() })
export const taskProblemSchema = problemSchema.extend({ success: z.literal(false) })

export const statusQuerySchema = z.object({
  logsAfter: z.coerce.number().int().nonnegative().optional().describe('Only lines after this one; without it, the latest lines'),
  logsLimit: z.coerce.number().int().min(0).max(1000).default(DEFAULT_LOGS_LIMIT).describe('At most so many lines'),
})

export const listQuerySchema = z.object({
  type: z.string().max(64).optional().describe('Only tasks of this type'),
  status: z.enum(TASK_STATUSES).optional().describe('Only tasks with this status'),
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: z.string().max(512).optional().describe('The `nextCursor` of an earlier page'),
})

export const createHeadersSchema = z.object({
  'Idempotency-Key': z.string().max(255).optional().describe('The same key makes one task, however often the request is sent'),
  Prefer: z.string().optional().describe('`wait=N`: answer when the task is over, or after N seconds (RFC 7240)'),
})

nameSchema('Task', taskSchema)
nameSchema('TaskProblem', taskProblemSchema)
