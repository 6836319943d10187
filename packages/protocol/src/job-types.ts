import { z } from 'zod'
import { jsonSchema } from './json.js'

/** How jobs of a type are made. */
export const jobCreationSchema = z.union([
  z.object({ kind: z.literal('native').describe('`POST /jobs/{type}` with the input as JSON') }),
  z.object({
    kind: z.literal('upload').describe('Files, as `multipart/form-data`, to a route of its service'),
    path: z.string().describe('Where to send them: `POST`, relative to the base URL'),
    field: z.string().describe('The name of the form field that has the files'),
    accept: z.array(z.string()).describe('Media types and file endings that are taken, as an `<input type="file">` has them in `accept`'),
    maxFiles: z.int().positive(),
    maxBytes: z.int().positive().describe('Of each file'),
  }),
])
export type JobCreation = z.infer<typeof jobCreationSchema>

/** A job type, with all that a form needs to make a job of it. */
export const jobTypeInfoSchema = z.object({
  name: z.string().describe('As `POST /jobs/{type}` and `GET /jobs?type=` take it'),
  service: z.string().describe('The service that it belongs to; `custom` for job types of no service'),
  title: z.string().optional().describe('What people call it'),
  description: z.string().optional(),
  pausable: z.boolean().describe('Whether its jobs can pause'),
  input: z
    .record(z.string(), jsonSchema)
    .nullable()
    .describe(
      'The JSON Schema of what a creation takes, 2020-12 unless its `$schema` names another draft; null where a route of the service makes the input',
    ),
  create: jobCreationSchema,
})
export type JobTypeInfo = z.infer<typeof jobTypeInfoSchema>

/** The job types that can be created now, by name. */
export const jobTypeListSchema = z.object({ types: z.array(jobTypeInfoSchema) })
export type JobTypeList = z.infer<typeof jobTypeListSchema>
