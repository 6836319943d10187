import type { StoredJob } from '@headway/core'
import { jsonSchema } from '@headway/protocol'
import type { JobError, JobStatus, Json } from '@headway/protocol'
import type { ImmutableJob } from '@headway/server'
import { z } from 'zod'
import { taskDefinitionSchema } from '../runner/task-definition.js'
import type { StepResult } from '../runner/task-definition.js'
import { taskFailureSchema, taskResultSchema } from '../runner/task-events.js'
import type { TaskSummary } from '../runner/task-events.js'

export const TASK_STATUSES = ['pending', 'running', 'completed', 'failed', 'cancelled'] as const
export type TaskStatus = (typeof TASK_STATUSES)[number]

const STATUS_OF: Record<JobStatus, TaskStatus> = {
  queued: 'pending',
  running: 'running',
  paused: 'running',
  completed: 'completed',
  failed: 'failed',
  cancelled: 'cancelled',
}

/** The statuses of jobs that this service shows as one of its own. */
export function jobStatusesOf(status: TaskStatus): JobStatus[] {
  return (Object.keys(STATUS_OF) as JobStatus[]).filter((job) => STATUS_OF[job] === status)
}

export function taskStatusOf(status: JobStatus): TaskStatus {
  return STATUS_OF[status]
}

/** A task as clients of this service see it, without its lines. Times are ISO 8601 in UTC. */
export const taskSchema = z.object({
  id: z.string(),
  type: z.string(),
  status: z.enum(TASK_STATUSES),
  progress: z.int().min(0).max(100).describe('Per cent, a whole number'),
  params: jsonSchema.describe('With defaults filled in'),
  createdAt: z.iso.datetime(),
  startedAt: z.iso.datetime().nullable(),
  completedAt: z.iso.datetime().nullable(),
  result: jsonSchema,
  error: z.string().nullable().describe('For people'),
  errorCode: z.string().optional().describe('The stable code of the error'),
  paused: z.literal(true).optional().describe('The task is running, and suspended'),
})
export type TaskView = z.infer<typeof taskSchema>

/** What never changes in a task. */
export function immutableView({
  id,
  type,
  input,
  definition,
  createdAt,
}: ImmutableJob): Pick<TaskView, 'id' | 'type' | 'params' | 'createdAt'> {
  return { id, type, params: paramsOf(definition) ?? input, createdAt }
}

export function taskView(job: StoredJob): TaskView {
  const end = endOf(job)
  return {
    ...immutableView(job),
    status: STATUS_OF[job.status],
    progress: job.status === 'completed' ? 100 : percentOf(job.progress),
    startedAt: job.startedAt ?? null,
    completedAt: job.finishedAt ?? null,
    result: end.result,
    error: end.error,
    ...(end.errorCode !== undefined && { errorCode: end.errorCode }),
    ...(job.status === 'paused' && { paused: true }),
  }
}

/** How a task ended: what its last event or its job says. `summary` is undefined where the runner had no say in it. */
export interface TaskEnd {
  readonly result: Json
  readonly error: string | null
  readonly errorCode?: string
  readonly summary: TaskSummary | undefined
}

export function completedEnd(result: Json | undefined): TaskEnd {
  const parsed = taskResultSchema.safeParse(result)
  if (!parsed.success) return { result: result ?? null, error: null, summary: undefined }
  const { success, results, summary } = parsed.data
  return { result: { success, results: results.map(stepView) }, error: null, summary }
}

export function failedEnd(error: JobError): TaskEnd {
  return { ...stoppedEnd(error.details), error: error.message, errorCode: error.code }
}

/** @param details of a failed or cancelled task */
export function stoppedEnd(details: Json | undefined): TaskEnd {
  const parsed = taskFailureSchema.safeParse(details)
  if (!parsed.success) return { result: null, error: null, summary: undefined }
  const { results, summary } = parsed.data
  return { result: results.length > 0 ? { success: false, results: results.map(stepView) } : null, error: null, summary }
}

function endOf({ status, result, error }: StoredJob): TaskEnd {
  if (status === 'completed') return completedEnd(result)
  if (error !== undefined) return failedEnd(error)
  return stoppedEnd(undefined)
}

/** The result of a step: what its program said, over what the runner knows. */
function stepView({ result, ...rest }: StepResult): Json {
  return { ...rest, ...(result !== undefined && { result }) }
}

/** Whether a job is a task, and not of another service. */
export function isTask(job: Pick<StoredJob, 'definition'>): boolean {
  return paramsOf(job.definition) !== undefined
}

const definedParamsSchema = taskDefinitionSchema.pick({ kind: true, params: true })

function paramsOf(definition: Json | undefined): Json | undefined {
  const parsed = definedParamsSchema.safeParse(definition)
  return parsed.success ? parsed.data.params : undefined
}

function percentOf(progress: StoredJob['progress']): number {
  if (progress === null || !progress.total) return 0
  return Math.min(99, Math.floor((100 * progress.done) / progress.total))
}
