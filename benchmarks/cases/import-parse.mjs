import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { writeGoodreadsFile } from '../lib/goodreads-file.mjs'
import { measureUsage } from '../lib/measure-usage.mjs'
import { temporaryFolder } from '../lib/temporary-folder.mjs'

const ROWS = 100_000
const FEW_ROWS = 10_000
/** Of the limit's processor time. */
const AT_MOST = 1.5
/** Of the peak memory for a tenth of the rows. What tells duplicates takes some 50 to 100 bytes a row. */
const MEMORY_AT_MOST = 1.25

export const title = 'Reading a library'
export const about = `Whole processes, start-up included, that read a file of Goodreads with ${ROWS} rows: the limit, which is csv-parse in array mode and does nothing with its records; and ours, which finds out encoding, delimiter and columns, counts the rows, and makes a book of each with everything that books-import.md says, duplicates too. And ours with ${FEW_ROWS} rows, for its memory. All with 4 MiB of memory for what is new.`

/** What grows is what is kept, not the room that Node.js gives to what is thrown away. */
const SMALL_YOUNG = '--max-semi-space-size=4'

const program = (name) => fileURLToPath(new URL(`../programs/${name}.mjs`, import.meta.url))

export function contenders() {
  const folder = temporaryFolder()
  const [many, few] = [ROWS, FEW_ROWS].map((rows) => {
    const path = join(folder, `${rows}.csv`)
    writeGoodreadsFile(path, rows)
    return path
  })
  return {
    'the limit: csv-parse': () => measureUsage([SMALL_YOUNG, program('parse-csv'), many]),
    Headway: () => measureUsage([SMALL_YOUNG, program('read-library'), many, String(ROWS)]),
    [`Headway, ${FEW_ROWS} rows`]: () => measureUsage([SMALL_YOUNG, program('read-library'), few, String(FEW_ROWS)]),
  }
}

export const columns = [
  { key: 'processor', label: 'processor time (s)', digits: 2 },
  { key: 'seconds', label: 'wall time (s)', digits: 2 },
  { key: 'memory', label: 'peak memory, MiB' },
]

export function targets({ ratio }) {
  return [
    {
      text: 'processor time against csv-parse alone',
      unit: 'times',
      measured: ratio('processor', 'Headway', 'the limit: csv-parse'),
      atMost: AT_MOST,
    },
    {
      text: `peak memory of ${ROWS} rows against ${FEW_ROWS}`,
      unit: 'times',
      measured: ratio('memory', 'Headway', `Headway, ${FEW_ROWS} rows`),
      atMost: MEMORY_AT_MOST,
    },
  ]
}
