import type { Columns, Field } from './columns/fields.js'
import { FIELDS } from './columns/fields.js'

/** Which column has what; -1 where none does. */
export type AllColumns = Readonly<Record<Field, number>>

export function allColumns(columns: Columns): AllColumns {
  return Object.fromEntries(FIELDS.map((field) => [field, columns[field] ?? -1])) as Record<Field, number>
}

/** The fields of one row. */
export class Cells {
  readonly columns: AllColumns
  fields: readonly string[] = []

  constructor(columns: Columns) {
    this.columns = allColumns(columns)
  }

  /** The field in a column; empty where there is no such column or field. */
  at(column: number): string {
    return column < 0 ? '' : (this.fields[column] ?? '')
  }
}
