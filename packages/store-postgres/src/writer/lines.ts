/**
 * Texts of JSON go as one parameter, with this between them: no JSON text has it (RFC 8259, section 7: control characters are escaped).
 * An array would be escaped, and parsed, character by character.
 */
const SEPARATOR = '\u001e'

/** The set of texts that `joinTexts` joined, in order. @param parameter `$16`, for example */
export function textsOf(parameter: string): string {
  return `string_to_table(${parameter}::text, chr(30))`
}

export function joinTexts(texts: readonly string[]): string {
  return texts.join(SEPARATOR)
}

/** A column of which mostly nothing is set: as an array without elements then, which `unnest` fills up with nulls beside longer ones. */
export function sparse<T>(column: readonly (T | null)[]): readonly (T | null)[] {
  return column.every((value) => value === null) ? [] : column
}
