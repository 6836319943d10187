import { defineJob } from '@headway/core'
import type { JobType } from '@headway/core'
import { jsonSchema } from '@headway/protocol'
import { z } from 'zod'
import { GRACE_SLACK_MS } from '../runner/limits.js'
import { runTask } from '../runner/run-task.js'
import type { TaskDefinition } from '../runner/task-definition.js'
import type { TaskType } from '../runner/task-file/task-type.js'

const SERVICE = 'tasks'

/** All tasks are kept or removed together, whatever their type. */
const RETENTION_GROUP = 'tasks'

/** How often in a row a worker may be lost without a step in between, where the type says `onCrash: rerun`. */
const MAX_RECOVERIES = 10

/**
 * The job type of a task type. The parameters are checked when a job is created, and only then: a task that exists is run as it was
 * defined, whatever the file says by then.
 *
 * @param environment the server's: programs get a few variables of it, and those that the file names
 */
export function taskJobType(type: TaskType, environment: NodeJS.ProcessEnv): JobType {
  const { attempts, delayMs } = type.retry
  return defineJob({
    name: type.name,
    ...(type.description !== undefined && { description: type.description }),
    service: SERVICE,
    // The JSON Schema of the file describes the input; `definition` applies it.
    input: z.record(z.string(), jsonSchema),
    shownInput: type.paramsSchema,
    concurrencyKey: (input) => type.concurrencyOf(type.checkParams(input)),
    definition: (input) => type.define(type.checkParams(input)),
    retry: { attempts, ...(delayMs !== undefined && { minDelayMs: delayMs, maxDelayMs: delayMs * 60 }) },
    maxRecoveries: type.rerunnable ? MAX_RECOVERIES : 0,
    pausable: true,
    graceMs: type.graceMs + GRACE_SLACK_MS,
    retentionGroup: RETENTION_GROUP,
    run: (_input, ctx) => runTask(ctx, environment),
  })
}

/**
 * The job type of a task type that the file no longer has, for the tasks of it that there are. How often it was to be tried again is no
 * part of a definition: each is tried once.
 *
 * @param definition of one of its tasks
 * @param environment the server's
 */
export function retiredTaskJobType(name: string, definition: TaskDefinition, environment: NodeJS.ProcessEnv): JobType {
  return defineJob({
    name,
    input: z.record(z.string(), jsonSchema),
    pausable: true,
    graceMs: definition.graceMs + GRACE_SLACK_MS,
    retentionGroup: RETENTION_GROUP,
    run: (_input, ctx) => runTask(ctx, environment),
  })
}
