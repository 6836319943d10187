import { z } from 'zod'
import type { Shown } from './read-event.js'

const errorSchema = z.object({ code: z.string(), message: z.string() })

/** An event of the jobs of the books service: a row, a book or a spine that is done, or a step between them. */
const itemSchema = z.object({
  type: z.enum(['book', 'step']),
  data: z.object({
    done: z.number(),
    total: z.number(),
    progress: z.number().exactOptional(),
    startedAt: z.string(),
    title: z.string(),
    detail: z.object({
      row: z.number().exactOptional(),
      outcome: z.enum(['imported', 'duplicate', 'failed', 'blank']).exactOptional(),
      duplicateOf: z.number().exactOptional(),
      errors: z.array(errorSchema).exactOptional(),
      photo: z.number().exactOptional(),
      found: z.boolean().exactOptional(),
      confidence: z.number().exactOptional(),
      step: z.string().exactOptional(),
      lines: z.number().exactOptional(),
      error: errorSchema.exactOptional(),
    }),
  }),
})
type Item = z.infer<typeof itemSchema>['data']

/** What to show of an event of an import, an enrichment or a scan; undefined for all others. */
export function readBookEvent(event: { readonly type: string; readonly data: unknown }): readonly Shown[] | undefined {
  const { success, data: known } = itemSchema.safeParse(event)
  if (!success) return undefined
  const { data: item } = known
  const { done, total, title } = item
  const percent = Math.floor(100 * (item.progress ?? (total === 0 ? 0 : done / total)))
  const message = known.type === 'step' ? stepText(item) : `${done} of ${total}: ${title}`
  return [{ kind: 'progress', percent: Math.min(99, percent), message }, ...linesOf(item)]
}

function stepText({ title, detail: { step, lines } }: Item): string {
  return step === 'detected' && lines !== undefined ? `${title}: reading ${lines} lines of text` : title
}

/** A row that is as it should be is told by the bar alone. */
function linesOf({ title, detail }: Item): readonly Shown[] {
  const { row, outcome, duplicateOf, errors = [], photo, found, confidence = 0, error, step } = detail
  const says = [...errors, ...(error === undefined ? [] : [error])].map(({ message }) => message).join(' ')
  if (outcome === 'duplicate') return [{ kind: 'line', level: 'info', text: `Row ${row}: the same book as in row ${duplicateOf}` }]
  if (outcome === 'failed') return [{ kind: 'line', level: 'error', text: `Row ${row}: ${says}` }]
  if (outcome !== undefined) return errors.length === 0 ? [] : [{ kind: 'line', level: 'stderr', text: `Row ${row}, ${title}: ${says}` }]
  if (step === 'failed') return [{ kind: 'line', level: 'error', text: `${title}: ${says}` }]
  if (photo !== undefined && step === undefined) {
    const text = found === true ? `${title} (${Math.round(100 * confidence)}%)` : `Not known: ${title}`
    return [{ kind: 'line', level: found === true ? 'success' : 'info', text }]
  }
  return found === false ? [{ kind: 'line', level: 'stderr', text: `${title}: ${says || 'nobody knows it'}` }] : []
}
