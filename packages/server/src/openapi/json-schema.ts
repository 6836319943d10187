import { jsonSchema } from '@headway/protocol'
import { z } from 'zod'

/** A schema in the words of OpenAPI 3.0 or of JSON Schema (draft 7). */
export type SchemaObject = Readonly<Record<string, unknown>>

/** `input`: what a client sends, defaults not filled in; `output`: what it gets. */
export type Direction = 'input' | 'output'

/** What OpenAPI 3.0 and AsyncAPI 3 take. */
export type SchemaTarget = 'openapi-3.0' | 'draft-7'

const FROM = '#/definitions/'
const TO = '#/components/schemas/'

/**
 * Gives a schema a name of its own in the descriptions; where it is used, it is referred to.
 *
 * @param about what it is, and an example that fits it
 */
export function nameSchema(
  name: string,
  schema: z.ZodType,
  about: { readonly description?: string; readonly example?: unknown } = {},
): void {
  const { example, ...rest } = about
  z.globalRegistry.add(schema, {
    ...z.globalRegistry.get(schema),
    ...rest,
    ...(example !== undefined && { examples: [example] }),
    id: name,
  })
}

nameSchema('Json', jsonSchema)

/** Writes zod schemas for one description and collects those that have names. */
export class SchemaWriter {
  readonly #target: SchemaTarget
  readonly #named = new Map<string, SchemaObject>()
  readonly #written = { input: new Map<z.ZodType, SchemaObject>(), output: new Map<z.ZodType, SchemaObject>() }

  constructor(target: SchemaTarget) {
    this.#target = target
  }

  /** The named schemas that were met so far, by name. */
  get named(): Record<string, SchemaObject> {
    return Object.fromEntries([...this.#named].toSorted(([a], [b]) => (a < b ? -1 : 1)))
  }

  /** Describes a schema. @throws Error when another schema has the same name */
  write(schema: z.ZodType, direction: Direction): SchemaObject {
    const known = this.#written[direction].get(schema)
    if (known !== undefined) return known
    const {
      definitions = {},
      $schema: _dialect,
      ...rest
    } = relink(convert(schema, direction, this.#target)) as SchemaObject & { readonly definitions?: Record<string, SchemaObject> }
    for (const [name, definition] of Object.entries(definitions)) this.#keep(name, definition)
    const written = unwrapped(rest)
    this.#written[direction].set(schema, written)
    return written
  }

  /** Describes a schema under a name, and refers to it. One that has a name already keeps that. */
  writeNamed(name: string, schema: z.ZodType, direction: Direction, more: SchemaObject = {}): SchemaObject {
    const written = this.write(schema, direction)
    return isReference(written) ? written : this.add(name, { ...written, ...more })
  }

  /** Puts a schema that is described already under a name, and refers to it. */
  add(name: string, schema: SchemaObject): SchemaObject {
    this.#keep(name, schema)
    return { $ref: `${TO}${name}` }
  }

  /** The schema that is meant by one that may be a reference. */
  resolve(schema: SchemaObject): SchemaObject {
    return isReference(schema) ? (this.#named.get(schema.$ref.slice(TO.length)) ?? {}) : schema
  }

  #keep(name: string, schema: SchemaObject): void {
    const known = this.#named.get(name)
    if (known !== undefined && JSON.stringify(known) !== JSON.stringify(schema)) {
      throw new Error(`Two schemas are named "${name}": name what is sent and what is got apart where they differ.`)
    }
    this.#named.set(name, schema)
  }
}

/** Whether a schema only refers to another one. */
export function isReference(schema: SchemaObject): schema is { readonly $ref: string } {
  return typeof schema['$ref'] === 'string' && Object.keys(schema).length === 1
}

/** A reference with nothing beside it needs no `allOf` around it. */
function unwrapped(schema: SchemaObject): SchemaObject {
  const { allOf, ...rest } = schema
  return Array.isArray(allOf) && allOf.length === 1 && Object.keys(rest).length === 0 ? (allOf[0] as SchemaObject) : schema
}

function convert(schema: z.ZodType, io: Direction, target: SchemaTarget): unknown {
  return z.toJSONSchema(schema, {
    target,
    io,
    unrepresentable: 'any',
    override({ zodSchema, jsonSchema: made }) {
      if ((zodSchema as z.core.$ZodType) === jsonSchema) {
        for (const member of Object.keys(made)) delete made[member]
        made.description = 'Any JSON value'
      }
      // Members may be added later; clients must bear them.
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
