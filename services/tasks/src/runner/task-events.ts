import { z } from 'zod'
import { stepResultSchema } from './task-definition.js'

/** `info`, `success` and `error` are the runner's own lines. */
const LINE_LEVELS = ['stdout', 'stderr', 'info', 'success', 'error'] as const
export type LineLevel = (typeof LINE_LEVELS)[number]

/** The event of one line of output. */
export const LINE_EVENT = 'line'

/** The data of a `line` event. */
export const lineSchema = z.object({
  level: z.enum(LINE_LEVELS),
  message: z.string(),
  continued: z.literal(true).optional().describe('The line is longer than one event holds and goes on in the next one of this level'),
  overwritten: z.literal(true).optional().describe('A state that the program drew over; not every one is sent'),
})
export type Line = z.infer<typeof lineSchema>

/** A line as updates and answers show it. */
export const logEntrySchema = lineSchema.extend({ timestamp: z.string() })
export type LogEntry = z.infer<typeof logEntrySchema>

/** The event of a change that the runner reports. */
export const UPDATE_EVENT = 'update'

/** The data of an `update` event: all that its message shows and the job itself does not say. */
export const updateSchema = z.object({
  status: z.literal('running'),
  progress: z.int().min(0).max(100).describe('Per cent, a whole number'),
  startedAt: z.string(),
  step: z.string().optional().describe('The step that runs'),
  message: z.string().optional().describe('What the program says of its progress'),
  paused: z.boolean().optional(),
  logs: z.array(logEntrySchema).describe('The latest lines, each cut where it is long'),
})
export type Update = z.infer<typeof updateSchema>

/**
 * What the last event of a task carries for its last message: in the result of a completed one (as `summary`), in the details of a failed
 * or cancelled one.
 */
const taskSummarySchema = z.object({
  progress: z.int().min(0).max(100),
  startedAt: z.string(),
  logs: z.array(logEntrySchema),
})
export type TaskSummary = z.infer<typeof taskSummarySchema>

/** The result of a completed task as the job has it. Clients of this service see it without the summary. */
export const taskResultSchema = z.object({
  success: z.literal(true),
  results: z.array(stepResultSchema),
  summary: taskSummarySchema,
})
export type TaskResult = z.infer<typeof taskResultSchema>

/** Details of the error of a task that failed or was cancelled. */
export const taskFailureSchema = z.object({
  results: z.array(stepResultSchema),
  summary: taskSummarySchema,
})
export type TaskFailure = z.infer<typeof taskFailureSchema>
