import { jsonSchema } from '@headway/protocol'
import { z } from 'zod'

/** A schema in the words of OpenAPI 3.0. */
export type SchemaObject = Readonly<Record<string, unknown>>

/** A schema with the named ones that it refers to. */
export interface DescribedSchema {
  readonly schema: SchemaObject
  readonly named: Readonly<Record<string, SchemaObject>>
}

const FROM = '#/definitions/'
const TO = '#/components/schemas/'

/** Gives a schema a name of its own in the description; where it is used, it is referred to. */
export function nameSchema(name: string, schema: z.ZodType): void {
  z.globalRegistry.add(schema, { ...z.globalRegistry.get(schema), id: name })
}

nameSchema('Json', jsonSchema)

/**
 * Describes a zod schema for OpenAPI 3.0. zod's own generator is used because the one of `@hono/zod-openapi` never ends on the
 * recursive schema of JSON values.
 *
 * @param io `input`: what a client sends, defaults not filled in; `output`: what it gets
 */
export function describeSchema(schema: z.ZodType, io: 'input' | 'output'): DescribedSchema {
  const made = z.toJSONSchema(schema, {
    target: 'openapi-3.0',
    io,
    unrepresentable: 'any',
    override({ zodSchema, jsonSchema: target }) {
      if ((zodSchema as z.core.$ZodType) === jsonSchema) {
        for (const member of Object.keys(target)) delete target[member]
        target.description = 'Any JSON value'
      }
      // Members may be added later; clients must bear them.
      if (target.additionalProperties === false) delete target.additionalProperties
      // The pattern says no more than the format, at ten times the length.
      if (target.format !== undefined) delete target.pattern
    },
  })
  const {
    definitions = {},
    $schema: _dialect,
    ...rest
  } = relink(made) as Record<string, unknown> & { definitions?: DescribedSchema['named'] }
  return { schema: rest, named: definitions }
}

function relink(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(relink)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [
      name,
      name === '$ref' && typeof member === 'string' ? member.replace(FROM, TO) : relink(member),
    ]),
  )
}
