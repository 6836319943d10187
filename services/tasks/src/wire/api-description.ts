import { jsonSchema } from '@headway/protocol'
import type { RouteDescription } from '@headway/server'
import { z } from 'zod'
import type { TaskType } from '../runner/task-file/task-type.js'

/** What `GET /api` answers. */
export const apiDescriptionSchema = z.object({
  success: z.literal(true),
  name: z.string(),
  version: z.string(),
  openapiUrl: z.url().describe('OpenAPI, of the whole server'),
  routes: z.array(z.object({ method: z.string(), path: z.string(), summary: z.string() })),
  types: z.array(
    z.object({
      name: z.string(),
      description: z.string().nullable(),
      createUrl: z.url(),
      params: z.record(z.string(), jsonSchema).describe('JSON Schema of the body of a creation'),
      steps: z.array(z.string()),
    }),
  ),
})
export type ApiDescription = z.infer<typeof apiDescriptionSchema>

export function describeApi(
  types: readonly TaskType[],
  routes: readonly Pick<RouteDescription, 'method' | 'path' | 'summary'>[],
  version: string,
  urlOf: (path: string) => string,
): ApiDescription {
  return {
    success: true,
    name: 'Headway tasks',
    version,
    openapiUrl: urlOf('/openapi.json'),
    routes: routes.map(({ method, path, summary }) => ({ method: method.toUpperCase(), path, summary })),
    types: types.map(({ name, description, paramsSchema, stepNames }) => ({
      name,
      description: description ?? null,
      createUrl: urlOf(`/api/tasks/${name}`),
      params: { ...paramsSchema },
      steps: [...stepNames],
    })),
  }
}
