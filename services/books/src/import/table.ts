/** The columns of a table of imported books that we write. By these names the books can be imported again, formulas as they were. */
export const TABLE_COLUMNS = [
  'Title',
  'Author',
  'Translators',
  'Narrators',
  'Illustrators',
  'Editors',
  'Contributors',
  'ISBN13',
  'My Rating',
  'Date Read',
  'Date Started',
  'Date Added',
  'Shelf',
  'Tags',
  'My Review',
  'Notes',
  'Read Count',
  'Format',
  'Publisher',
  'Published',
  'Pages',
  'Language',
  'Series',
] as const

export type TableColumn = (typeof TABLE_COLUMNS)[number]

const NAMES: ReadonlySet<string> = new Set(TABLE_COLUMNS)

/** Whether a header is that of such a table. */
export function isTable(header: readonly string[]): boolean {
  return header.length === TABLE_COLUMNS.length && new Set(header).size === header.length && header.every((name) => NAMES.has(name))
}
