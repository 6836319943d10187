import type { Columns } from './columns/fields.js'
import type { LibraryFormat } from './columns/format.js'
import type { Dialect } from './records/dialect.js'
import type { Encoding } from './source/encoding.js'
import type { DateOrder } from './values/date.js'

/** What is known of a file before its rows are read. Plain data: it can be kept with a job. */
export interface InspectedLibrary {
  readonly encoding: Encoding
  /** True where some bytes are not what the encoding says: such records are read as windows-1252, all others as UTF-8. */
  readonly isMixed: boolean
  readonly delimiter: string
  readonly dialect: Dialect
  readonly format: LibraryFormat
  /** The names of the columns, long ones cut; `column 1`, `column 2` where the file has none. */
  readonly header: readonly string[]
  /** Which column, counted from 0, has what. */
  readonly columns: Columns
  /** Records after the header, blank ones too. */
  readonly rows: number
  /** Records before the first row: the header and blank ones before it. */
  readonly skip: number
  /** The number of the first row: 2, or 1 where there is no header. */
  readonly firstRow: number
  readonly dateOrder: DateOrder
  /** True for a file that we wrote, of failed rows or of books: formulas were neutralised there. */
  readonly isOurs: boolean
}
