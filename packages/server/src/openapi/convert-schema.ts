import { jsonSchema } from '@headway/protocol'
import { z } from 'zod'

/** A schema in the words of OpenAPI 3.0 or of JSON Schema (draft 7). */
export type SchemaObject = Readonly<Record<string, unknown>>

/** `input`: what a client sends, defaults not filled in; `output`: what it gets. */
export type Direction = 'input' | 'output'

/** What OpenAPI 3.0 and AsyncAPI 3 take. */
export type SchemaTarget = 'openapi-3.0' | 'draft-7'

/** A schema with those that it refers to as `#/definitions/NAME`. */
export type ConvertedSchema = SchemaObject & { readonly definitions?: Readonly<Record<string, SchemaObject>> }

/** Where zod puts the schemas that are referred to. */
export const DEFINITIONS = '#/definitions/'

/** What zod calls a recursive schema without a name: it counts them anew in every conversion. */
export const ANONYMOUS = /^__schema(\d+)$/

/** A zod schema in other words. Not more is said than has an effect, and that clients must bear new members. */
export function convertSchema(schema: z.ZodType, io: Direction, target: SchemaTarget): ConvertedSchema {
  const { $schema: _dialect, ...converted } = z.toJSONSchema(schema, {
    target,
    io,
    unrepresentable: 'any',
    override({ zodSchema, jsonSchema: made }) {
      if (isAnyJson(zodSchema)) {
        const { description = 'Any JSON value' } = made
        for (const member of Object.keys(made)) delete made[member]
        made.description = description
      }
      if (io === 'output' && made.additionalProperties === false) delete made.additionalProperties
      // The pattern says no more than the format, at ten times the length.
      if (made.format !== undefined) delete made.pattern
      // Every number of JSON that is a whole one is within these.
      if (made.minimum === Number.MIN_SAFE_INTEGER) delete made.minimum
      if (made.maximum === Number.MAX_SAFE_INTEGER) delete made.maximum
      if (target === 'openapi-3.0' && Array.isArray(made.examples)) {
        made['example'] = made.examples[0]
        delete made.examples
      }
    },
  })
  return withoutUnused(converted)
}

/** The schema of JSON values, or what `describe` and `meta` made of it. */
function isAnyJson(schema: z.core.$ZodType): boolean {
  for (let at: z.core.$ZodType | undefined = schema; at !== undefined; at = at._zod.parent) {
    if (at === (jsonSchema as z.core.$ZodType)) return true
  }
  return false
}

/** Takes away what nothing refers to any more: the inside of the schema of JSON values. */
function withoutUnused(schema: ConvertedSchema): ConvertedSchema {
  const { definitions = {}, ...rest } = schema
  const used = new Set(Object.keys(definitions).filter((name) => !ANONYMOUS.test(name)))
  const texts = [JSON.stringify(rest), ...[...used].map((name) => JSON.stringify(definitions[name]))]
  for (let text = texts.pop(); text !== undefined; text = texts.pop()) {
    for (const [, name = ''] of text.matchAll(/"#\/definitions\/(__schema\d+)"/g)) {
      if (!used.has(name)) texts.push(JSON.stringify(definitions[name]))
      used.add(name)
    }
  }
  return { ...rest, definitions: Object.fromEntries(Object.entries(definitions).filter(([name]) => used.has(name))) }
}
