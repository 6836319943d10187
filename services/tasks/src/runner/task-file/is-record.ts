import type { Json } from '@headway/protocol'

/** Whether a part of a JSON Schema is an object: a schema of its own, or a list of schemas by their names. */
export function isRecord(value: Json | undefined): value is { readonly [key: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
