import type { ImportCounts, RowOutcome } from './row.js'

export const NO_COUNTS: ImportCounts = { rows: 0, imported: 0, duplicates: 0, failed: 0, blank: 0 }

/** Counts with some more outcomes in them. */
export function addCounts(counts: ImportCounts, outcomes: readonly RowOutcome[]): ImportCounts {
  const of = (kind: RowOutcome['kind']): number => outcomes.filter((outcome) => outcome.kind === kind).length
  return {
    rows: counts.rows + outcomes.length,
    imported: counts.imported + of('imported'),
    duplicates: counts.duplicates + of('duplicate'),
    failed: counts.failed + of('failed'),
    blank: counts.blank + of('blank'),
  }
}
