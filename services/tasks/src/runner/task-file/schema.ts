import { jsonSchema } from '@headway/protocol'
import { z } from 'zod'
import { MAX_STEPS } from '../limits.js'
import { durationSchema } from './duration.js'

const text = z.string({ error: (issue) => (issue.input === undefined ? 'is missing' : 'must be a text; put it in quotes') })

const noNul = text.refine((value) => !value.includes('\0'), 'must not contain a NUL character')

const RESERVED_NAME = 'HEADWAY_RUN marks the processes of a run and can not be set'

const variableName = text
  .regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'must be the name of an environment variable')
  .refine((name) => name !== 'HEADWAY_RUN', RESERVED_NAME)

/** With a question mark after it, it may be unset. */
const secretName = text
  .regex(/^[A-Za-z_][A-Za-z0-9_]*\??$/, 'must be the name of an environment variable, with a question mark after it where it may be unset')
  .refine((name) => name.replace('?', '') !== 'HEADWAY_RUN', RESERVED_NAME)

const markersSchema = z.strictObject({ progress: z.boolean().optional(), result: z.boolean().optional() })

const stepName = text.regex(/^[\p{L}\p{N}][\p{L}\p{N} ._:/-]{0,63}$/u, 'must be up to 64 letters, digits, spaces and . _ : / -')
const weight = z.number({ error: 'must be a number' }).positive('must be over 0').max(1_000_000)

const programSchema = z.strictObject({
  name: stepName,
  run: z
    .array(noNul, { error: 'must be a list: the program and its arguments' })
    .min(1, 'must name a program')
    .max(1000)
    .refine(([program]) => program?.trim() !== '', { error: 'must name a program', path: [0] }),
  cwd: noNul.default('.'),
  env: z.record(variableName, noNul).default({}),
  inherit: z.array(variableName).default([]),
  secrets: z.array(secretName).default([]),
  weight: weight.default(1),
  timeout: durationSchema.optional(),
  pty: z.boolean().default(false),
  continueOnError: z.boolean().default(false),
  markers: markersSchema.default({}),
})

export type ProgramSource = z.output<typeof programSchema>

/** The steps of another type, in the place of one step. */
const useSchema = z.strictObject({
  use: text,
  /** Put before the names of its steps. */
  name: stepName.optional(),
  /** What its steps together have; without it, each has its own. */
  weight: weight.optional(),
})

export type UseSource = z.output<typeof useSchema>

/** Each kind alone, so that a mistake is told as one of that kind. */
const stepSchema = z.unknown().transform((value, context): ProgramSource | UseSource => {
  const has = (field: string): boolean => typeof value === 'object' && value !== null && field in value
  if (has('use') && has('run')) {
    context.issues.push({ code: 'custom', path: ['use'], input: value, message: 'stands in the place of "run": a step has one of them' })
    return z.NEVER
  }
  const parsed = (has('use') ? useSchema : programSchema).safeParse(value)
  if (parsed.success) return parsed.data
  for (const issue of parsed.error.issues) context.issues.push({ ...issue, input: value } as (typeof context.issues)[number])
  return z.NEVER
})

/** One task type as the file has it. */
export const taskTypeSchema = z.strictObject({
  description: text.max(500).optional(),
  params: z.record(z.string(), jsonSchema).default({ type: 'object', properties: {} }),
  concurrency: z.strictObject({ key: noNul, limit: z.int().min(1).max(1000).default(1) }).optional(),
  timeout: durationSchema.optional(),
  grace: durationSchema.default(10_000),
  retry: z.strictObject({ attempts: z.int().min(1).max(100).default(1), delay: durationSchema.optional() }).optional(),
  onCrash: z.enum(['fail', 'rerun']).default('fail'),
  markers: markersSchema.default({}),
  steps: z
    .array(stepSchema, { error: (issue) => (issue.input === undefined ? 'is missing' : 'must be a list of steps') })
    .min(1, 'must have at least one step')
    .max(MAX_STEPS, `must have at most ${MAX_STEPS} steps`),
})
export type TaskTypeSource = z.output<typeof taskTypeSchema>

/** The file around the types. Each type is checked alone, so that a mistake in one does not hide those in others. */
export const taskFileSchema = z.strictObject({
  types: z.record(z.string(), z.unknown(), {
    error: (issue) => (issue.input === undefined ? 'is missing: the file has no task types' : undefined),
  }),
})
