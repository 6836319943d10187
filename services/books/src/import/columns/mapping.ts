import { ImportError } from '../import-error.js'
import { COLUMN_NAME_LENGTH } from '../limits.js'
import { cutText } from '../values/text.js'
import type { Columns, Field } from './fields.js'
import { FIELDS, plainName } from './fields.js'

/** Which column of the header has what: `{title: 'Buch', isbn13: 'Nummer'}`. Null: no column has that. */
export type Mapping = Readonly<Record<string, string | null>>

/**
 * What was recognised, with what somebody says about it.
 *
 * @throws ImportError BAD_MAPPING
 */
export function withMapping(columns: Columns, mapping: Mapping, header: readonly string[]): Columns {
  const merged: Partial<Record<Field, number>> = { ...columns }
  const said = new Map<number, Field>()
  for (const [name, column] of Object.entries(mapping)) {
    const field = FIELDS.find((known) => known === name) ?? (name === 'isbn' ? 'isbn10' : name === 'author' ? 'authors' : undefined)
    if (field === undefined) {
      throw new ImportError('BAD_MAPPING', `The mapping names the field ${JSON.stringify(name)}. There are: ${FIELDS.join(', ')}.`)
    }
    delete merged[field]
    if (column === null) continue
    const index = columnCalled(column, header)
    if (index === -1) {
      throw new ImportError(
        'BAD_MAPPING',
        `The mapping of ${name} names the column ${JSON.stringify(column)}. There are: ${namesOf(header)}.`,
        {
          details: { header: header.slice(0, NAMES_AT_MOST) },
        },
      )
    }
    merged[field] = index
    said.set(index, field)
  }
  // A column that was recognised as something else has only the meaning that is said.
  return Object.fromEntries(Object.entries(merged).filter(([field, index]) => (said.get(index) ?? field) === field || field in mapping))
}

/** Whether a mapping names a column that is there. */
export function namesAny(mapping: Mapping, header: readonly string[]): boolean {
  return Object.values(mapping).some((column) => column !== null && columnCalled(column, header) !== -1)
}

function columnCalled(whole: string, header: readonly string[]): number {
  const name = cutText(whole, COLUMN_NAME_LENGTH)
  const exactly = header.indexOf(name)
  return exactly === -1 ? header.findIndex((other) => plainName(other) === plainName(name)) : exactly
}

/** So many columns are named in an error, each so long at most. */
const NAMES_AT_MOST = 40
const NAME_LENGTH = 60

/** The names of a header, for an error. */
export function namesOf(header: readonly string[]): string {
  const named = header.slice(0, NAMES_AT_MOST).map((name) => JSON.stringify(name.slice(0, NAME_LENGTH)))
  return header.length > NAMES_AT_MOST ? `${named.join(', ')} and ${header.length - NAMES_AT_MOST} more` : named.join(', ')
}
