/** A list of texts as a column holds it. */
export function columnOf(list: readonly string[] | undefined): string | null {
  return list === undefined || list.length === 0 ? null : JSON.stringify(list)
}

/** The list that a column holds. */
export function listOf(column: string | null): string[] {
  return column === null ? [] : (JSON.parse(column) as string[])
}
