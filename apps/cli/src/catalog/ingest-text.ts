import type { IngestCounts, IngestReport } from '@headway/books/catalog'
import { count } from '../text/count.js'

/** What became of a file, on one line, and below it what could not be read. */
export function reportText(file: string, report: IngestReport, milliseconds: string): string[] {
  const { began, format, malformed, malformedExamples } = report
  if (began === 'complete') return [`${file}: taken in before (${countsText(report)})`]
  const how = began === 'resumed' ? ', gone on where it was stopped' : ''
  const left = malformed - malformedExamples.length
  return [
    `${file} (${format}${how}): ${countsText(report)} in ${milliseconds}`,
    ...malformedExamples.map(({ record, why }) => `  record ${count(record)}: ${why}`),
    ...(left > 0 ? [`  and ${count(left)} more`] : []),
  ]
}

/** The numbers that add up. */
export function countsText({ records, added, updated, skipped, malformed }: IngestCounts): string {
  const parts = [`${count(added)} added`, `${count(updated)} updated`, `${count(skipped)} other records`, `${count(malformed)} malformed`]
  return `${count(records)} records: ${parts.join(', ')}`
}
