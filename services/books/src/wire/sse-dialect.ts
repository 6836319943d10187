import type { LogEvent } from '@headway/core'
import type { Reset } from '@headway/protocol'
import type { Dialect, DialectMessage, ImmutableJob } from '@headway/server'
import { fractionOf, shownError } from './job-view.js'
import { endFigures, happeningOf, withList } from './messages.js'

/** How this service shows the log of a job over SSE: `progress` for every book, then `completed`, `failed` or `canceled`. */
export const booksDialect: Dialect = {
  name: 'books',
  encode,
  reset: (reset: Reset) => [{ event: 'reset', body: JSON.stringify(reset) }],
}

function encode(event: LogEvent, { id: jobId }: ImmutableJob): readonly DialectMessage[] {
  const happening = happeningOf(event)
  switch (happening?.what) {
    case 'item': {
      const { item } = happening
      const { done, total, startedAt, title, isbn, book, detail } = item
      const figures = {
        jobId,
        status: 'processing',
        progress: item.progress ?? fractionOf(done, total),
        processedCount: done,
        totalCount: total,
        startedAt,
      }
      const currentBook = { title, ...(isbn !== undefined && { isbn }) }
      return [{ event: 'progress', body: JSON.stringify({ ...figures, currentBook, ...detail, ...(book && { book }) }) }]
    }
    case 'completed': {
      const { result } = happening
      return [
        { event: 'completed', body: withList({ jobId, status: 'completed', ...endFigures(result, event.at) }, 'books', result.books) },
      ]
    }
    case 'failed':
      return [
        {
          event: 'failed',
          body: JSON.stringify({ jobId, status: 'failed', ...happening.figures, failedAt: event.at, error: shownError(happening.error) }),
        },
      ]
    case 'canceled': {
      const { reason, figures } = happening
      return [
        {
          event: 'canceled',
          body: JSON.stringify({ jobId, status: 'canceled', ...figures, canceledAt: event.at, ...(reason && { reason }) }),
        },
      ]
    }
    case undefined:
      return []
  }
}

/** Said when nothing happened for so long; then the stream ends. */
export const STREAM_IDLE_MS = 5 * 60_000

/** The message that ends a stream in which nothing happened for too long. It belongs to the connection and has no id. */
export function timeoutMessage(jobId: string): DialectMessage & { readonly body: string } {
  return {
    event: 'timeout',
    body: JSON.stringify({ jobId, message: `Nothing happened for ${STREAM_IDLE_MS / 60_000} minutes; connect again.` }),
  }
}
