import type { Columns, Field } from './columns/fields.js'
import { FIELDS } from './columns/fields.js'
import type { Contributor } from './row.js'

/** Which column has what; -1 where none does. */
export type AllColumns = Readonly<Record<Field, number>>

export function allColumns(columns: Columns): AllColumns {
  return Object.fromEntries(FIELDS.map((field) => [field, columns[field] ?? -1])) as Record<Field, number>
}

/** Columns of people who had another part in a book than to write it. */
const OTHERS = [
  ['translators', 'translator'],
  ['narrators', 'narrator'],
  ['illustrators', 'illustrator'],
  ['editors', 'editor'],
] as const

/** The fields of one row. */
export class Cells {
  readonly columns: AllColumns
  readonly others: readonly (readonly [column: number, role: Contributor['role']])[]
  fields: readonly string[] = []

  constructor(columns: Columns) {
    this.columns = allColumns(columns)
    this.others = OTHERS.map(([field, role]) => [this.columns[field], role] as const).filter(([column]) => column >= 0)
  }

  /** The field in a column; empty where there is no such column or field. */
  at(column: number): string {
    return column < 0 ? '' : (this.fields[column] ?? '')
  }
}
