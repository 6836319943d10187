import type { LogEvent, StoredJob } from '@headway/core'
import { lifecycleSchemas } from '@headway/protocol'
import type { Reset } from '@headway/protocol'
import type { Dialect, DialectMessage, ImmutableJob } from '@headway/server'
import { LINE_EVENT, UPDATE_EVENT, updateSchema } from '../runner/task-events.js'
import { completedEnd, failedEnd, immutableView, stoppedEnd, taskView } from './task-view.js'
import type { TaskEnd, TaskStatus } from './task-view.js'

const END: DialectMessage = { body: '{"type":"end"}' }
const DATA_MEMBER = ',"data":'

/** How this service shows the log of a task: `connected`, `log`, `update` and `end`, as its contract has them. */
export const tasksDialect: Dialect = {
  name: 'tasks',
  encode,
  preamble: (job: StoredJob) => [message({ type: 'connected', task: taskView(job) })],
  reset: (reset: Reset) => [message(reset)],
}

function encode(event: LogEvent, job: ImmutableJob): readonly DialectMessage[] {
  switch (event.type) {
    case LINE_EVENT:
      return [{ body: lineBody(event) }]
    case UPDATE_EVENT: {
      const update = updateSchema.parse(event.data)
      return [message({ type: 'update', task: { ...immutableView(job), completedAt: null, result: null, error: null, ...update } })]
    }
    case 'recovered':
    case 'released':
      return [message({ type: 'update', task: { ...immutableView(job), status: 'pending', completedAt: null, result: null, error: null } })]
    case 'completed':
      return finish('completed', event, job, completedEnd(lifecycleSchemas.completed.parse(event.data).result))
    case 'failed':
      return finish('failed', event, job, failedEnd(lifecycleSchemas.failed.parse(event.data).error))
    case 'cancelled':
      return finish('cancelled', event, job, stoppedEnd(lifecycleSchemas.cancelled.parse(event.data).details))
    default:
      return []
  }
}

/** A line's data is its message's `log` but for the time, so its text is taken over, to the end of the event: tasks print millions of lines. */
function lineBody(event: LogEvent): string {
  const data = event.line.indexOf(DATA_MEMBER) + DATA_MEMBER.length
  return `{"type":"log","log":{"timestamp":"${event.at}",${event.line.slice(data + 1)}`
}

/**
 * The last update, then the end. Where nobody of this service had a say in the end (a lost worker, a task that never began), the event does
 * not know progress and lines: `progress` is absent then, which leaves it as it was.
 */
function finish(status: TaskStatus, event: LogEvent, job: ImmutableJob, end: TaskEnd): readonly DialectMessage[] {
  const { summary, result, error, errorCode } = end
  const progress = status === 'completed' ? 100 : summary?.progress
  const task = {
    ...immutableView(job),
    status,
    ...(progress !== undefined && { progress }),
    ...(summary && { startedAt: summary.startedAt }),
    completedAt: event.at,
    logs: summary?.logs ?? [],
    result,
    error,
    ...(errorCode !== undefined && { errorCode }),
  }
  return [message({ type: 'update', task }), END]
}

function message(body: object): DialectMessage {
  return { body: JSON.stringify(body) }
}
