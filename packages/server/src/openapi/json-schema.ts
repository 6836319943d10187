import { jsonSchema } from '@headway/protocol'
import { z } from 'zod'
import { ANONYMOUS, convertSchema, DEFINITIONS } from './convert-schema.js'
import type { Direction, SchemaObject, SchemaTarget } from './convert-schema.js'

export type { Direction, SchemaObject } from './convert-schema.js'

const COMPONENTS = '#/components/schemas/'

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
  /** Recursive schemas without a name that were written so far. */
  #anonymous = 0

  constructor(target: SchemaTarget) {
    this.#target = target
  }

  /** The named schemas that were met so far, in the order of their names. */
  get named(): Record<string, SchemaObject> {
    return Object.fromEntries([...this.#named].toSorted(([a], [b]) => (a < b ? -1 : 1)))
  }

  /** Describes a schema. @throws Error when another schema has the same name */
  write(schema: z.ZodType, direction: Direction): SchemaObject {
    const known = this.#written[direction].get(schema)
    if (known !== undefined) return known
    const { definitions = {}, ...rest } = convertSchema(schema, direction, this.#target)
    const before = this.#anonymous
    const rename = (name: string): string => name.replace(ANONYMOUS, (_all, number: string) => `Recursive${before + Number(number) + 1}`)
    for (const [name, definition] of Object.entries(definitions)) {
      if (ANONYMOUS.test(name)) this.#anonymous += 1
      this.#keep(rename(name), relink(definition, rename) as SchemaObject)
    }
    const written = unwrapped(relink(rest, rename) as SchemaObject)
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
    return { $ref: `${COMPONENTS}${name}` }
  }

  /** The schema that is meant by one that may be a reference. */
  resolve(schema: SchemaObject): SchemaObject {
    return isReference(schema) ? (this.#named.get(schema.$ref.slice(COMPONENTS.length)) ?? {}) : schema
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

/** Points references to the components. What stands beside one would have no effect: it is put around it. */
function relink(value: unknown, rename: (name: string) => string): unknown {
  if (Array.isArray(value)) return value.map((member) => relink(member, rename))
  if (typeof value !== 'object' || value === null) return value
  const { $ref, ...rest } = value as { readonly $ref?: unknown }
  const members = Object.fromEntries(Object.entries(rest).map(([name, member]) => [name, relink(member, rename)]))
  if (typeof $ref !== 'string') return $ref === undefined ? members : { ...members, $ref: relink($ref, rename) }
  const reference = { $ref: COMPONENTS + rename($ref.slice(DEFINITIONS.length)) }
  return Object.keys(members).length === 0 ? reference : unwrapped({ ...members, allOf: [reference] })
}
