import type { RJSFSchema, UiSchema } from '@rjsf/utils'

/** The name under which the form finds the field for {@link withJsonParts}. */
export const JSON_FIELD = 'json'

/** Keywords by which a form knows what fields a value has. */
const SHAPES = ['type', 'enum', 'const', 'properties', 'items', '$ref', 'anyOf', 'oneOf', 'allOf']

/** Places of definitions in a schema, by the keywords of its draft. */
const DEFINITIONS = ['$defs', 'definitions']

/**
 * A schema as a form can show it: parts that may hold themselves, or anything, are typed as JSON. A form would try each way to read each of
 * their values, which for a value of a few dozen parts takes minutes. What is typed there is checked by the server.
 */
export function withJsonParts(schema: RJSFSchema): { readonly schema: RJSFSchema; readonly uiSchema: UiSchema } {
  const definitions = Object.assign({}, ...DEFINITIONS.map((name) => (schema[name] as object | undefined) ?? {})) as Record<string, unknown>
  const recursive = new Set(Object.keys(definitions).filter((name) => reaches(definitions, definitions[name], name, new Set())))
  return visit(schema, recursive, true)
}

interface Shown {
  readonly schema: RJSFSchema
  readonly uiSchema: UiSchema
}

function visit(schema: RJSFSchema, recursive: ReadonlySet<string>, isRoot: boolean): Shown {
  const { title, description } = schema
  const target = nameOf(schema)
  const holdsItself =
    target === '' || (target !== undefined && recursive.has(target)) || (isRoot && schema.$ref === undefined && refersTo(schema, ''))
  if (holdsItself || !SHAPES.some((keyword) => schema[keyword] !== undefined)) {
    return {
      // Of an empty schema a form shows nothing.
      schema: { description: description ?? 'JSON', ...(title !== undefined && { title }) },
      uiSchema: { 'ui:field': JSON_FIELD },
    }
  }
  let shown: RJSFSchema = schema
  let uiSchema: UiSchema = {}
  for (const [name, property] of Object.entries(schema.properties ?? {})) {
    const part = visit(property as RJSFSchema, recursive, false)
    shown = { ...shown, properties: { ...shown.properties, [name]: part.schema } }
    uiSchema = { ...uiSchema, [name]: part.uiSchema }
  }
  if (typeof schema.items === 'object' && !Array.isArray(schema.items)) {
    const part = visit(schema.items, recursive, false)
    shown = { ...shown, items: part.schema }
    uiSchema = { ...uiSchema, items: part.uiSchema }
  }
  if (typeof schema.additionalProperties === 'object') {
    const part = visit(schema.additionalProperties, recursive, false)
    shown = { ...shown, additionalProperties: part.schema }
    uiSchema = { ...uiSchema, additionalProperties: part.uiSchema }
  }
  return { schema: shown, uiSchema }
}

/** The definition that a schema refers to; empty for the schema as a whole. */
function nameOf(schema: unknown): string | undefined {
  const ref = typeof schema === 'object' && schema !== null && '$ref' in schema ? schema.$ref : undefined
  if (typeof ref !== 'string') return undefined
  return ref === '#' ? '' : /^#\/(?:\$defs|definitions)\/(.+)$/.exec(ref)?.[1]
}

/** Whether a definition can be come to from a part of a schema. */
function reaches(definitions: Readonly<Record<string, unknown>>, part: unknown, wanted: string, seen: Set<string>): boolean {
  return refersTo(part, wanted, (name) => {
    if (seen.has(name)) return false
    seen.add(name)
    return reaches(definitions, definitions[name], wanted, seen)
  })
}

function refersTo(part: unknown, wanted: string, follow: (name: string) => boolean = () => false): boolean {
  if (typeof part !== 'object' || part === null) return false
  const name = nameOf(part)
  if (name !== undefined && (name === wanted || follow(name))) return true
  return Object.values(part).some((member) => refersTo(member, wanted, follow))
}
