import { z } from 'zod'
import { clean, cleanLine } from '../text/clean.js'
import type { Colors } from '../text/colors.js'
import { plainTable } from '../text/table.js'

const spineSchema = z.object({
  photo: z.number(),
  title: z.string().nullable(),
  authors: z.array(z.string()),
  isbn: z.string().nullable(),
  text: z.string(),
  confidence: z.number(),
  boundingBox: z.object({ x: z.number(), y: z.number(), width: z.number(), height: z.number() }),
  duplicateOf: z.number().exactOptional(),
})
type Spine = z.output<typeof spineSchema>

/** What a scan gave. */
export const scanResultsSchema = z.object({
  data: z.object({
    results: z.array(spineSchema.loose()),
    errors: z.array(z.object({ photo: z.number(), code: z.string(), message: z.string() }).loose()),
  }),
})
export type ScanResults = z.output<typeof scanResultsSchema>['data']

const HEADS = ['TITLE', 'AUTHORS', 'ISBN', 'SURE'] as const
/** What is shown of a title or its authors, in characters. */
const WIDTH = 48

/** The titles that were found, as a table, and how many there are. */
export function scanSummary({ results, errors }: ScanResults, photos: readonly string[], colors: Colors): string {
  const found = results.filter(isBook)
  const unknown = results.filter(({ title }) => title === null).length
  const lines: string[] = []
  if (found.length > 0) {
    const columns = HEADS.map((head) => ({ head: colors.bold(head), align: head === 'SURE' ? 'right' : 'left' }) as const)
    lines.push(plainTable(columns, found.map(rowOf)), '')
  }
  lines.push(colors.green(`${books(found.length)} found`))
  if (unknown > 0) lines.push(`${books(unknown)} that the catalog does not know`)
  for (const { photo, message } of errors) lines.push(colors.red(`${photos[photo] ?? `Photo ${photo + 1}`}: ${clean(message)}`))
  return lines.join('\n')
}

/** The spines as a table: its header and its records. */
export function scannedTable({ results }: ScanResults): { readonly header: string[]; readonly records: string[][] } {
  return {
    header: ['Photo', 'Title', 'Author', 'ISBN13', 'Confidence', 'Text', 'X', 'Y', 'Width', 'Height'],
    records: results.map(({ photo, title, authors, isbn, confidence, text, boundingBox: { x, y, width, height } }) =>
      [photo, title ?? '', authors.join('; '), isbn ?? '', confidence, text, x, y, width, height].map(String),
    ),
  }
}

/** Found, and not on an earlier photo already. */
function isBook({ title, duplicateOf }: Spine): boolean {
  return title !== null && duplicateOf === undefined
}

function rowOf({ title, authors, isbn, confidence }: Spine): string[] {
  return [shortened(title ?? ''), shortened(authors.join(', ')), cleanLine(isbn ?? ''), `${Math.round(100 * confidence)}%`]
}

function shortened(text: string): string {
  const line = cleanLine(text)
  return line.length <= WIDTH ? line : `${line.slice(0, WIDTH - 1)}…`
}

function books(number: number): string {
  return `${number} book${number === 1 ? '' : 's'}`
}
