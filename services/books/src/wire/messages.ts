import type { BlobRef, LogEvent } from '@headway/core'
import { lifecycleSchemas } from '@headway/protocol'
import type { JobError } from '@headway/protocol'
import { ITEM_EVENT, itemSchema, STEP_EVENT } from '../jobs/item.js'
import type { Item } from '../jobs/item.js'
import { shownResultSchema } from '../jobs/result.js'
import type { ShownResult } from '../jobs/result.js'

/** What an event of a job means to whoever watches it. */
export type Happening =
  | { readonly what: 'item'; readonly item: Item }
  | { readonly what: 'completed'; readonly result: ShownResult }
  | { readonly what: 'failed'; readonly error: JobError }
  | { readonly what: 'canceled'; readonly reason: string | undefined }

/** What an event of the log means; undefined for those that this contract has no message for. */
export function happeningOf(event: LogEvent): Happening | undefined {
  switch (event.type) {
    case ITEM_EVENT:
    case STEP_EVENT:
      return { what: 'item', item: itemSchema.parse(event.data) }
    case 'completed':
      return { what: 'completed', result: shownResultSchema.parse(lifecycleSchemas.completed.parse(event.data).result) }
    case 'failed':
      return { what: 'failed', error: lifecycleSchemas.failed.parse(event.data).error }
    case 'cancelled':
      return { what: 'canceled', reason: lifecycleSchemas.cancelled.parse(event.data).reason }
    default:
      return undefined
  }
}

/** What the last message of a job says beside its list. */
export function endFigures({ total, found, counts, errors = [] }: ShownResult, at: string): object {
  return {
    progress: 1,
    processedCount: total,
    totalCount: total,
    completedAt: at,
    found,
    ...(counts !== undefined && { counts }),
    ...(errors.length > 0 && { errors }),
  }
}

/** JSON members, without braces, of which the last is a list that lies in a blob. */
export function withList(
  members: object,
  name: string,
  list: BlobRef,
): { readonly prefix: string; readonly blob: BlobRef; readonly suffix: string } {
  return { prefix: `${JSON.stringify(members).slice(0, -1)},${JSON.stringify(name)}:`, blob: list, suffix: '}' }
}
