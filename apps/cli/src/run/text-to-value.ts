import type { Json } from '@headway/protocol'
import type { PropertySchema } from './type-schema.js'

/**
 * A value that was typed as text, as its schema wants it. What does not fit stays text: the server says what is wrong with it.
 *
 * @param schema undefined: nothing is known of it
 */
export function textToValue(text: string, schema: PropertySchema | undefined): Json {
  const listed = schema?.enum?.find((value) => (typeof value === 'string' ? value : JSON.stringify(value)) === text)
  if (listed !== undefined) return listed
  const types = [schema?.type ?? 'string'].flat()
  if (types.includes('string')) return text
  for (const type of types) {
    const value = readAs(type, text)
    if (value !== undefined) return value
  }
  return text
}

function readAs(type: string, text: string): Json | undefined {
  const value = parse(text)
  switch (type) {
    case 'integer':
    case 'number':
      return typeof value === 'number' ? value : undefined
    case 'boolean':
      return typeof value === 'boolean' ? value : undefined
    case 'null':
      return value === null ? value : undefined
    case 'array':
      return Array.isArray(value) ? value : undefined
    case 'object':
      return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined
    default:
      return undefined
  }
}

function parse(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json
  } catch {
    return undefined
  }
}
