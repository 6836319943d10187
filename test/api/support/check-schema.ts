import { Ajv } from 'ajv'
import type { ValidateFunction } from 'ajv'
import addFormats from 'ajv-formats'
import type { Schema } from './documents.js'

/** Says what of a value does not fit a schema of a description; nothing when it fits. */
export type CheckSchema = (schema: Schema, value: unknown) => string[]

/** Checks values against schemas of one description, whose references lead into it. */
export function schemaChecker(document: { readonly components: object }): CheckSchema {
  const ajv = new Ajv({ strict: false, allErrors: true, discriminator: false })
  addFormats.default(ajv)
  const { components } = asDraft7(document) as { readonly components: object }
  ajv.addSchema({ $id: 'https://headway.test/api', components })
  const compiled = new Map<Schema, ValidateFunction>()
  return (schema, value) => {
    let validate = compiled.get(schema)
    if (validate === undefined) {
      validate = ajv.compile(JSON.parse(JSON.stringify(asDraft7(schema)).replaceAll('"#/', '"https://headway.test/api#/')) as object)
      compiled.set(schema, validate)
    }
    if (validate(value)) return []
    return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`)
  }
}

/** OpenAPI 3.0 has the bounds of draft 4, where `exclusiveMinimum` is a word to `minimum`. */
function asDraft7(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(asDraft7)
  if (typeof value !== 'object' || value === null) return value
  const made = Object.fromEntries(Object.entries(value).map(([name, member]) => [name, asDraft7(member)]))
  // A member that is not described is a mistake here, though clients must bear it.
  if (made['type'] === 'object' && made['properties'] !== undefined) made['additionalProperties'] ??= false
  for (const [bound, exclusive] of [
    ['minimum', 'exclusiveMinimum'],
    ['maximum', 'exclusiveMaximum'],
  ] as const) {
    if (made[exclusive] !== true) continue
    made[exclusive] = made[bound]
    delete made[bound]
  }
  return made
}
