import { jsonSchema } from '@headway/protocol'
import { z } from 'zod'

const markersSchema = z.object({ progress: z.boolean(), result: z.boolean() })

/** One program of a task, with the values of the parameters in their places. */
const stepDefinitionSchema = z.object({
  name: z.string(),
  /** The program and its arguments. */
  run: z.array(z.string()).min(1),
  /** Absolute. */
  cwd: z.string(),
  env: z.record(z.string(), z.string()),
  /** Variables of the server's environment that the program gets, too. */
  inherit: z.array(z.string()),
  /** The same, but their values are masked in the output, and each must be set, unless its name is followed by a question mark. */
  secrets: z.array(z.string()),
  weight: z.number(),
  timeoutMs: z.number().optional(),
  /** Whether the program gets a pseudo-terminal. */
  pty: z.boolean().default(false),
  continueOnError: z.boolean(),
  /** Whether lines `::progress` and `::result` are for the runner. */
  markers: markersSchema,
})
export type StepDefinition = z.infer<typeof stepDefinitionSchema>

/**
 * All that a task does, fixed when it is created: later changes of the task file do not reach it. Secrets are in it by name only.
 */
export const taskDefinitionSchema = z.object({
  kind: z.literal('task'),
  /** The parameters, defaults filled in. */
  params: z.record(z.string(), jsonSchema),
  timeoutMs: z.number().optional(),
  /** Between SIGTERM and SIGKILL. */
  graceMs: z.number(),
  /** Whether another worker may go on at the step where a lost one was. */
  rerunnable: z.boolean(),
  steps: z.array(stepDefinitionSchema).min(1),
})
export type TaskDefinition = z.infer<typeof taskDefinitionSchema>

/** What a step came to. */
export const stepResultSchema = z.object({
  name: z.string(),
  success: z.boolean(),
  /** Null when a signal ended it, or it never started. */
  exitCode: z.number().nullable(),
  signal: z.string().optional(),
  durationMs: z.number(),
  /** The value of the last `::result` line. */
  result: jsonSchema.optional(),
  /** Why it failed, where the exit code does not tell. */
  error: z.string().optional(),
})
export type StepResult = z.infer<typeof stepResultSchema>

/** Where a rerun goes on. */
export const taskCheckpointSchema = z.object({
  nextStep: z.int().nonnegative(),
  results: z.array(stepResultSchema),
  startedAt: z.string(),
  /** Of the total timeout, what is left. */
  timeLeftMs: z.number().optional(),
})
export type TaskCheckpoint = z.infer<typeof taskCheckpointSchema>
