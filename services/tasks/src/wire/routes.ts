import { HeadwayError } from '@headway/core'
import type { StoredJob } from '@headway/core'
import { isTerminal } from '@headway/protocol'
import { addRoute } from '@headway/server'
import type { ErrorBodyDescription, JobRight, RouteDescription, ServerApp, ServerContext, ServerKit } from '@headway/server'
import type { z } from 'zod'
import type { TaskTypes } from '../jobs/task-types.js'
import { apiDescriptionSchema, describeApi } from './api-description.js'
import { taskStreamChannel } from './channels.js'
import { tasksDialect } from './dialect.js'
import { PATHS, TASKS_TAG } from './paths.js'
import { latestLines, linesAfter } from './latest-lines.js'
import type { LinesPage } from './latest-lines.js'
import {
  createHeadersSchema,
  DEFAULT_LOGS_LIMIT,
  listQuerySchema,
  parametersSchema,
  PROBLEM_CONTENT_TYPE,
  reasonSchema,
  statusQuerySchema,
  taskAnswerSchema,
  taskCreatedSchema,
  taskIdSchema,
  taskListSchema,
  taskProblemSchema,
  taskStatusSchema,
  taskTicketSchema,
  typeSchema,
} from './schemas.js'
import { isTask, jobStatusesOf, taskStatusOf, taskView } from './task-view.js'

const TASK_ERROR_BODY: ErrorBodyDescription = {
  contentType: PROBLEM_CONTENT_TYPE,
  schema: taskProblemSchema,
  example: (problem) => ({ success: false, ...problem }),
}

type Description = Omit<RouteDescription, 'tags' | 'errorBody'>
type AddRoute = (description: Description, handler: (c: ServerContext) => Promise<Response>) => void

/** Adds the routes of the tasks service. */
export function mountRoutes(app: ServerApp, kit: ServerKit, types: TaskTypes): void {
  const routes: Description[] = []
  const add: AddRoute = (description, handler) => {
    routes.push(description)
    addRoute(app, { ...description, tags: [TASKS_TAG.name], errorBody: TASK_ERROR_BODY }, kit.rateLimit('api'), handler)
  }
  mountDescription(add, kit, types, routes)
  mountCreate(add, kit, types)
  mountReading(add, kit, types)
  mountControl(add, kit)
}

function mountDescription(add: AddRoute, kit: ServerKit, types: TaskTypes, routes: readonly Description[]): void {
  add(
    {
      method: 'get',
      path: PATHS.api,
      summary: 'What this API can do',
      description: 'The routes, and the task types with their parameters as JSON Schema.',
      access: 'key',
      responses: { 200: { description: 'The description', content: { 'application/json': apiDescriptionSchema } } },
    },
    async (c) => {
      await kit.requireRole(c, 'read')
      return c.json(describeApi(types.list(), routes, kit.version, (path) => kit.publicUrl(c, path)))
    },
  )
}

function mountCreate(add: AddRoute, kit: ServerKit, types: TaskTypes): void {
  add(
    {
      method: 'post',
      path: PATHS.create,
      summary: 'Create a task',
      description:
        'The body has the parameters of the task type. The answer comes at once; with `Prefer: wait=N` when the task is over, or after N seconds.',
      access: 'key',
      params: typeSchema,
      headers: createHeadersSchema,
      body: { schema: parametersSchema, required: false },
      responses: {
        200: { description: 'The task is over', content: { 'application/json': taskCreatedSchema } },
        202: {
          description: 'The task was created',
          content: { 'application/json': taskCreatedSchema },
          headers: { Location: 'Where the task is' },
        },
      },
      errors: [
        'INVALID_JSON',
        'VALIDATION_ERROR',
        'UNKNOWN_JOB_TYPE',
        'IDEMPOTENCY_MISMATCH',
        'BODY_TOO_LARGE',
        'UNSUPPORTED_MEDIA_TYPE',
        'SHUTTING_DOWN',
      ],
    },
    async (c) => {
      const principal = await kit.requireRole(c, 'run')
      const { type } = kit.readParams(c, typeSchema)
      if (types.get(type) === undefined) throw unknownType(type, types)
      const input = await kit.readJson(c, parametersSchema, { emptyAs: '{}' })
      const created = await kit.createJob(c, principal, type, input)
      const job = await kit.waitIfPreferred(c, created.job)
      const body = {
        success: true,
        taskId: job.id,
        type: job.type,
        status: taskStatusOf(job.status),
        streamUrl: kit.publicUrl(c, pathOf(PATHS.stream, job.id)),
        statusUrl: kit.publicUrl(c, pathOf(PATHS.status, job.id)),
      }
      if (!isTerminal(job.status)) return c.json(body, 202, { Location: body.statusUrl })
      const { task } = withLines(job, await latestLines(kit.engine, job.id, job.head, DEFAULT_LOGS_LIMIT))
      return c.json({ ...body, task }, 200)
    },
  )
}

function mountReading(add: AddRoute, kit: ServerKit, types: TaskTypes): void {
  add(
    {
      method: 'get',
      path: PATHS.list,
      summary: 'List tasks, newest first',
      access: 'key',
      query: listQuerySchema,
      responses: { 200: { description: 'A page of tasks, without their lines', content: { 'application/json': taskListSchema } } },
      errors: ['VALIDATION_ERROR', 'INVALID_CURSOR'],
    },
    async (c) => {
      await kit.requireRole(c, 'read')
      const { type, status, limit, cursor } = kit.readQuery(c, listQuerySchema)
      const names = types.knownNames()
      const page = await kit.engine.list({
        types: type === undefined ? names : names.filter((name) => name === type),
        limit,
        ...(status !== undefined && { statuses: jobStatusesOf(status) }),
        ...(cursor !== undefined && { cursor }),
      })
      return c.json({ success: true, tasks: page.items.map(taskView), nextCursor: page.nextCursor })
    },
  )
  add(
    {
      method: 'get',
      path: PATHS.status,
      summary: 'Look at a task',
      access: 'job',
      params: taskIdSchema,
      query: statusQuerySchema,
      responses: {
        200: {
          description: 'The task, with its latest lines or those after `logsAfter`',
          content: { 'application/json': taskStatusSchema },
        },
      },
      errors: ['VALIDATION_ERROR', 'JOB_NOT_FOUND'],
    },
    async (c) => {
      const job = await authorizedTask(c, kit, 'read')
      const { logsAfter, logsLimit } = kit.readQuery(c, statusQuerySchema)
      const lines =
        logsLimit === 0
          ? { lines: [], next: logsAfter ?? job.head }
          : logsAfter === undefined
            ? await latestLines(kit.engine, job.id, job.head, logsLimit)
            : await linesAfter(kit.engine, job.id, logsAfter, logsLimit)
      return c.json({ success: true, ...withLines(job, lines) })
    },
  )
  add(
    {
      method: 'get',
      path: PATHS.stream,
      summary: 'Follow a task',
      description: 'Server-Sent Events without names; the data of each is JSON with a `type`: connected, log, update, reset, end.',
      access: 'job',
      params: taskIdSchema,
      responses: { 200: { description: 'The stream', content: { 'text/event-stream': taskStreamChannel } } },
      errors: ['INVALID_CURSOR', 'JOB_NOT_FOUND'],
    },
    async (c) => kit.streamLog(c, await authorizedTask(c, kit, 'read'), tasksDialect),
  )
}

function mountControl(add: AddRoute, kit: ServerKit): void {
  add(
    {
      method: 'post',
      path: PATHS.ticket,
      summary: "Make a URL that reads a task's stream without any header",
      access: 'job',
      params: taskIdSchema,
      responses: { 200: { description: 'The URL', content: { 'application/json': taskTicketSchema } } },
      errors: ['JOB_NOT_FOUND'],
    },
    async (c) => {
      const job = await authorizedTask(c, kit, 'read')
      const { token, expiresAt } = await kit.issueTicket(job)
      const streamUrl = kit.publicUrl(c, `${pathOf(PATHS.stream, job.id)}?ticket=${token}`)
      return c.json({ success: true, streamUrl, expiresAt: expiresAt.toISOString() })
    },
  )
  add(
    {
      method: 'delete',
      path: PATHS.task,
      summary: 'Cancel a task',
      description: 'Its processes get SIGTERM, and SIGKILL after the grace period of its type. It has happened when the status says so.',
      access: 'job',
      params: taskIdSchema,
      query: reasonSchema,
      responses: {
        200: { description: 'The task is cancelled', content: { 'application/json': taskAnswerSchema } },
        202: { description: 'The running task was told', content: { 'application/json': taskAnswerSchema } },
      },
      errors: ['VALIDATION_ERROR', 'JOB_NOT_FOUND', 'JOB_FINISHED'],
    },
    async (c) => {
      const job = await authorizedTask(c, kit, 'control')
      const { reason } = kit.readQuery(c, reasonSchema)
      const asked = await kit.engine.request(job.id, 'cancel', reason)
      return c.json({ success: true, task: taskView(asked) }, isTerminal(asked.status) ? 200 : 202)
    },
  )
}

/** The task of the path. A job of another service is none. */
async function authorizedTask(c: ServerContext, kit: ServerKit, right: JobRight): Promise<StoredJob> {
  const taskId = c.req.param('taskId') ?? ''
  const job = await kit.authorizeJob(c, taskId, right)
  if (!isTask(job)) throw new HeadwayError('JOB_NOT_FOUND', `There is no task ${taskId}; it may have been pruned.`)
  return job
}

function withLines(job: StoredJob, { lines, next }: LinesPage): Omit<z.infer<typeof taskStatusSchema>, 'success'> {
  return { task: { ...taskView(job), logs: [...lines] }, nextLogsAfter: next }
}

function pathOf(path: string, taskId: string): string {
  return path.replace('{taskId}', taskId)
}

function unknownType(type: string, types: TaskTypes): HeadwayError {
  const names = types.list().map(({ name }) => name)
  return new HeadwayError('UNKNOWN_JOB_TYPE', `There is no task type "${type}". There are: ${names.join(', ')}.`)
}
