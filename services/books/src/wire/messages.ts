import type { BlobRef, LogEvent } from '@headway/core'
import { lifecycleSchemas } from '@headway/protocol'
import type { JobError, Json } from '@headway/protocol'
import { z } from 'zod'
import { ITEM_EVENT, itemSchema, STEP_EVENT } from '../jobs/item.js'
import type { Item } from '../jobs/item.js'
import { shownResultSchema } from '../jobs/result.js'
import { figuresSchema } from '../jobs/item-writer.js'
import type { ShownResult } from '../jobs/result.js'
import { fractionOf } from './job-view.js'

/** What an event of a job means to whoever watches it. */
export type Happening =
  | { readonly what: 'item'; readonly item: Item }
  | { readonly what: 'completed'; readonly result: ShownResult }
  | { readonly what: 'failed'; readonly error: JobError; readonly figures: ShownFigures | undefined }
  | { readonly what: 'canceled'; readonly reason: string | undefined; readonly figures: ShownFigures | undefined }

/** How far a job was when it ended. */
export interface ShownFigures {
  readonly progress: number
  readonly processedCount: number
  readonly totalCount: number
  readonly startedAt: string
}

/** What an event of the log means; undefined for those that this contract has no message for. */
export function happeningOf(event: LogEvent): Happening | undefined {
  switch (event.type) {
    case ITEM_EVENT:
    case STEP_EVENT:
      return { what: 'item', item: itemSchema.parse(event.data) }
    case 'completed':
      return { what: 'completed', result: shownResultSchema.parse(lifecycleSchemas.completed.parse(event.data).result) }
    case 'failed': {
      const { error } = lifecycleSchemas.failed.parse(event.data)
      return { what: 'failed', error, figures: figuresIn(error.details) }
    }
    case 'cancelled': {
      const { reason, details } = lifecycleSchemas.cancelled.parse(event.data)
      return { what: 'canceled', reason, figures: figuresIn(details) }
    }
    default:
      return undefined
  }
}

const detailsSchema = z.object({ figures: figuresSchema })

/** Absent where the job ended before it began: it waited, or its server was lost. */
function figuresIn(details: Json | undefined): ShownFigures | undefined {
  const figures = detailsSchema.safeParse(details).data?.figures
  if (figures === undefined) return undefined
  const { done, total, startedAt, fraction = fractionOf(done, total) } = figures
  return { progress: fraction, processedCount: done, totalCount: total, startedAt }
}

/** What the last message of a job says beside its list. */
export function endFigures({ total, found, startedAt, counts, errors = [] }: ShownResult, at: string): object {
  return {
    progress: 1,
    processedCount: total,
    totalCount: total,
    ...(startedAt !== undefined && { startedAt }),
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
