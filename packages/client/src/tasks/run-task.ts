import { JobFailedError } from '../errors.js'
import type { components } from '../generated/openapi.js'
import { randomKey } from '../random-key.js'
import { askWith, mustBeOk } from '../sse/ask-with.js'
import type { RequestOptions } from '../sse/ask-with.js'
import { resume } from '../sse/resume.js'
import type { Connection, Message } from '../sse/resume.js'
import { startRun } from '../sse/run.js'
import type { Run } from '../sse/run.js'
import { sseWay } from '../sse/sse-way.js'

type Schemas = components['schemas']

/** One message of a task: a line of its output (`log`), a change (`update`), or one of those around them, by their `type`. */
export type TaskMessage = Schemas['TaskStreamData']

/** A task as its last update shows it. */
export type FinishedTask = Schemas['TaskUpdate']['task']

/** The parameters of a task, as its type describes them. */
export type TaskParameters = Schemas['TaskParameters']

export interface RunTaskOptions extends RequestOptions {
  /** The same key makes one task, however often it is asked for. A fresh one by default. */
  readonly idempotencyKey?: string
}

/**
 * Creates a task and tells all that it says. A stream that breaks is taken up again where it was.
 *
 * ```ts
 * const task = runTask('check-integrity', { version: 'v885' }, { baseUrl, apiKey })
 * for await (const message of task) if (message.type === 'log') console.log(message.log.message)
 * const { result } = await task.result()
 * ```
 */
export function runTask(type: string, params: TaskParameters, options: RunTaskOptions): Run<TaskMessage, FinishedTask> {
  const { signal = new AbortController().signal, onState, idempotencyKey = randomKey() } = options
  const ask = askWith(options)

  return startRun({
    async *read(begun) {
      let taskId: string | undefined
      let task: FinishedTask | undefined
      let isConnected = false

      async function* way(connection: Connection): AsyncGenerator<Message & { readonly said: TaskMessage }, void, void> {
        if (taskId === undefined) {
          const asked = {
            method: 'POST',
            body: JSON.stringify(params),
            signal: connection.signal,
            headers: { 'Idempotency-Key': idempotencyKey },
          }
          const created = (await (await mustBeOk(ask(`/api/tasks/${encodeURIComponent(type)}`, asked))).json()) as Schemas['TaskCreated']
          taskId = created.taskId
          begun(taskId)
        }
        for await (const message of sseWay(connection, (init) => ask(`/api/tasks/${taskId}/stream`, init))) {
          yield { ...message, said: JSON.parse(message.data) as TaskMessage }
        }
      }

      for await (const { said } of resume([way], { signal, onState })) {
        if (said.type === 'connected') {
          // Every connection begins with it.
          if (isConnected) continue
          isConnected = true
        }
        if (said.type === 'update') task = { ...task, ...said.task }
        yield said
        if (said.type === 'end') return endOf(task)
      }
      return undefined
    },
    async cancel(id, reason) {
      await mustBeOk(ask(`/api/tasks/${id}${reason === undefined ? '' : `?reason=${encodeURIComponent(reason)}`}`, { method: 'DELETE' }))
    },
  })
}

function endOf(task: FinishedTask | undefined): FinishedTask | JobFailedError | undefined {
  if (task?.status !== 'failed' && task?.status !== 'cancelled') return task
  const { status, error, errorCode = status } = task
  return new JobFailedError({ status, ...(error !== null && { error: { code: errorCode, message: error } }) })
}
