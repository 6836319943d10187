import { z } from 'zod'
import type { Api } from '../api/api.js'
import { RefusedError } from '../api/errors.js'

/** As much of a JSON Schema as is needed to read a text as a value. */
const propertySchema = z.object({
  type: z.union([z.string(), z.array(z.string())]).optional(),
  enum: z.array(z.json()).optional(),
  description: z.string().optional(),
})
export type PropertySchema = z.infer<typeof propertySchema>

const descriptionSchema = z.object({
  types: z.array(
    z.object({
      name: z.string(),
      description: z.string().nullish(),
      params: z.object({ properties: z.record(z.string(), z.unknown()).optional() }),
    }),
  ),
})

export interface TypeDescription {
  readonly name: string
  readonly description: string
  readonly properties: ReadonlyMap<string, PropertySchema>
}

/** The types that `GET /api` describes. Types of one's own are not among them. @throws what `Api.request` throws */
export async function describedTypes(api: Api, signal?: AbortSignal): Promise<TypeDescription[]> {
  const { types } = await api.request('api', descriptionSchema, signal === undefined ? {} : { signal })
  return types.map(({ name, description, params }) => ({
    name,
    description: description ?? '',
    properties: new Map(
      Object.entries(params.properties ?? {}).map(([property, schema]) => {
        const parsed = propertySchema.safeParse(schema)
        return [property, parsed.success ? parsed.data : {}]
      }),
    ),
  }))
}

/** Undefined for a type that is not described: its values stay text. */
export async function typeSchema(api: Api, name: string): Promise<TypeDescription | undefined> {
  try {
    return (await describedTypes(api)).find((type) => type.name === name)
  } catch (error) {
    // A server without the tasks service.
    if (error instanceof RefusedError && error.status === 404) return undefined
    throw error
  }
}
