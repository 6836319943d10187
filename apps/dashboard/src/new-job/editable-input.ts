import type { Json } from '@headway/protocol'

/**
 * What a form can begin with of the input of a job that is there: the members that its type's schema shows. Services put others of their own
 * beside them, which nobody may change.
 *
 * @returns undefined where a part is kept as a file that stands in for what is shown: what was edited there would not be what runs
 */
export function editableInput(input: Json, schema: unknown): Json | undefined {
  const shown = (schema as { readonly properties?: object } | null)?.properties
  if (shown === undefined || typeof input !== 'object' || input === null || Array.isArray(input)) return input
  const own = Object.keys(input).filter((name) => !Object.hasOwn(shown, name))
  if (own.some((name) => name.endsWith('Blob'))) return undefined
  return Object.fromEntries(Object.entries(input).filter(([name]) => !own.includes(name)))
}
