import type { z } from 'zod'
import type { SchemaObject } from './json-schema.js'
import { SchemaWriter } from './json-schema.js'

/** What the operations of an OpenAPI description share, collected while they are written. */
export class Parts {
  readonly schemas = new SchemaWriter('openapi-3.0')
  readonly #shared = { responses: new Map<string, SchemaObject>(), examples: new Map<string, SchemaObject>() }

  /** Puts a part under a name, once, and refers to it. */
  share(kind: 'responses' | 'examples', name: string, make: () => SchemaObject): SchemaObject {
    const parts = this.#shared[kind]
    if (!parts.has(name)) parts.set(name, make())
    return { $ref: `#/components/${kind}/${name}` }
  }

  /** Parameters of an operation, one for each member of an object's schema. */
  parametersOf(place: 'path' | 'query' | 'header', object: z.ZodObject | undefined): SchemaObject[] {
    if (object === undefined) return []
    const { properties = {}, required = [] } = this.schemas.write(object, 'input') as {
      readonly properties?: Readonly<Record<string, SchemaObject>>
      readonly required?: readonly string[]
    }
    return Object.entries(properties).map(([name, property]) => {
      const { description, example, ...schema } = property
      return {
        name,
        in: place,
        required: place === 'path' || required.includes(name),
        ...(description !== undefined && { description }),
        schema,
        ...(example !== undefined && { example }),
      }
    })
  }

  /** The components of the description, each kind in the order of its names. */
  components(): Record<'schemas' | 'responses' | 'examples', Record<string, SchemaObject>> {
    const sorted = (map: Map<string, SchemaObject>) => Object.fromEntries([...map].toSorted(([a], [b]) => (a < b ? -1 : 1)))
    return { schemas: this.schemas.named, responses: sorted(this.#shared.responses), examples: sorted(this.#shared.examples) }
  }
}
