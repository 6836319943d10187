import { stringify } from 'csv-stringify/sync'
import { neutralise } from './formulas.js'

/** What a CSV file begins with so that spreadsheets read UTF-8. */
export const CSV_MARK = '\ufeff'

/** Records as CSV for people and spreadsheets: formulas are neutralised with an apostrophe. */
export function csvText(records: readonly (readonly string[])[]): string {
  return stringify(
    records.map((record) => record.map(neutralise)),
    // A line break of any kind ends a record for who reads it.
    { record_delimiter: '\r\n', quoted_match: /[\r\n]/ },
  )
}
