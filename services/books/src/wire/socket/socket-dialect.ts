import type { LogEvent } from '@headway/core'
import type { Dialect, DialectMessage, ImmutableJob, MessageBody } from '@headway/server'
import { fractionOf, shownError } from '../job-view.js'
import { endFigures, happeningOf, withList } from '../messages.js'

/** How `/ws/progress` shows the log of a job. Every message has its `seq`, which `ready` takes as `after`. */
export const socketDialect: Pick<Dialect, 'name' | 'encode'> = { name: 'books-socket', encode }

function encode(event: LogEvent, { id: jobId }: ImmutableJob): readonly DialectMessage[] {
  const bodies = bodiesOf(event, jobId)
  // A cursor must tell how far a client came within an event, as the ids of SSE do.
  const seqOf = (index: number): number | string => (index === bodies.length - 1 ? event.seq : `${event.seq}.${index + 1}`)
  return bodies.map((make, index) => ({ body: make(seqOf(index)) }))
}

type Make = (seq: number | string) => MessageBody

function bodiesOf(event: LogEvent, jobId: string): readonly Make[] {
  const happening = happeningOf(event)
  switch (happening?.what) {
    case 'item': {
      const { item } = happening
      const { done, total, title, isbn, book, detail } = item
      const figures = { progress: item.progress ?? fractionOf(done, total), processedCount: done, totalCount: total }
      const currentBook = { title, ...(isbn !== undefined && { isbn }) }
      const progress: Make = (seq) => JSON.stringify({ type: 'progress', jobId, seq, ...figures, currentBook, ...detail })
      const enriched: Make = (seq) => JSON.stringify({ type: 'book_enriched', jobId, seq, book })
      // The book first: where a client goes on behind it over SSE, whose one event has both, it has the book.
      return book === undefined ? [progress] : [enriched, progress]
    }
    case 'completed': {
      const { result } = happening
      return [(seq) => withList({ type: 'job_complete', jobId, seq, ...endFigures(result, event.at) }, 'results', result.results)]
    }
    case 'failed':
      return [
        (seq) =>
          JSON.stringify({ type: 'error', jobId, seq, ...happening.figures, failedAt: event.at, error: shownError(happening.error) }),
      ]
    case 'canceled':
      return [
        (seq) =>
          JSON.stringify({ type: 'canceled', jobId, seq, ...happening.figures, ...(happening.reason && { reason: happening.reason }) }),
      ]
    case undefined:
      return []
  }
}
