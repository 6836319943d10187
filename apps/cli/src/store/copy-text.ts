import type { CopyReport } from '@headway/core'
import { shortBytes } from '../text/bytes.js'
import { cleanLine } from '../text/clean.js'
import { count } from '../text/count.js'
import { plainTable } from '../text/table.js'

/** What was copied, for people. @param took in words */
export function copyText(from: string, to: string, report: CopyReport, took: string): string {
  const { counts, jobs, events, eventBytes, keyValues, blobs, blobBytes, checksum, began } = report
  const table = plainTable(
    [
      { head: 'TYPE', align: 'left' },
      { head: 'STATUS', align: 'left' },
      { head: 'JOBS', align: 'right' },
      { head: 'REMOVED BEFORE', align: 'right' },
    ],
    counts.map((one) => [cleanLine(one.type), one.status, count(one.count), count(one.pruned)]),
  )
  return [
    ...(began === 'again' ? ['What an interrupted copy had left in the target was removed first.'] : []),
    `Copied ${from} to ${to} in ${took}; both hold the same:`,
    `  ${plural(jobs, 'job')}, ${plural(events, 'event')} (${shortBytes(eventBytes)})`,
    `  ${plural(keyValues, 'key-value entry', 'key-value entries')}, ${plural(blobs, 'blob')} (${shortBytes(blobBytes)})`,
    `  SHA-256 over everything: ${checksum}`,
    ...(counts.length > 0 ? ['', table] : []),
    '',
  ].join('\n')
}

function plural(number: number, one: string, many = `${one}s`): string {
  return `${count(number)} ${number === 1 ? one : many}`
}
