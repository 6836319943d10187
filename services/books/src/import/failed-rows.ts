import { CSV_MARK, csvText } from './csv-text.js'
import type { RowOutcome } from './row.js'

/** The column that says why, behind those of the file. By it our own import knows such a file. */
export const ERROR_COLUMN = 'error'

/**
 * A CSV of the rows that failed, to mend and send again: the columns of the file and one that says why. Formulas are neutralised with an apostrophe,
 * which an import of this file takes away again.
 *
 * @param header of the inspected file
 * @param outcomes in batches; only those that failed are written
 */
export async function* failedRowsCsv(
  header: readonly string[],
  outcomes: AsyncIterable<readonly RowOutcome[]> | Iterable<readonly RowOutcome[]>,
): AsyncGenerator<string> {
  const columns = withoutErrors(header)
  yield CSV_MARK + csvText([[...columns, ERROR_COLUMN]])
  for await (const batch of outcomes) {
    const rows = batch.filter(({ kind }) => kind === 'failed').map((outcome) => mendable(outcome, columns.length, header.length))
    if (rows.length > 0) yield csvText(rows)
  }
}

/** The columns of a file that may be one of failed rows, without that of the errors. */
export function withoutErrors(header: readonly string[]): readonly string[] {
  return header.at(-1) === ERROR_COLUMN ? header.slice(0, -1) : header
}

/** What the row has too much stands behind the error. */
function mendable({ fields = [], errors }: RowOutcome, width: number, widthOfFile: number): readonly string[] {
  const own = Array.from({ length: width }, (_, column) => fields[column] ?? '')
  const surplus = fields.slice(widthOfFile)
  while (surplus.at(-1)?.trim() === '') surplus.pop()
  return [...own, errors.map(({ code, message }) => `${code}: ${message}`).join(' '), ...surplus]
}
