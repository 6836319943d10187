import type { components } from '../generated/openapi.js'
import type { Message } from '../sse/resume.js'

type Schemas = components['schemas']

/** A book, as the end of a job tells it. */
export type StreamedBook = Schemas['BooksStreamCompleted']['books'][number]

/** How a job stands: what `onProgress`, `onComplete`, `onFailed` and `onCanceled` get. Members that the kind of job adds are there, too. */
export interface SSEProgressEvent {
  readonly jobId: string
  readonly status: 'processing' | 'completed' | 'failed' | 'canceled'
  /** From 0 to 1. */
  readonly progress: number
  readonly processedCount: number
  readonly totalCount: number
  readonly startedAt?: string
  readonly completedAt?: string
  /** Of the book that is done. */
  readonly currentBook?: { readonly title: string; readonly isbn?: string }
  /** What is known of it. */
  readonly book?: StreamedBook
  readonly error?: { readonly code: string; readonly message: string; readonly retryable?: boolean }
  /** All books, when the job is completed. */
  readonly books?: readonly StreamedBook[]
  readonly [more: string]: unknown
}

/** A message of the WebSocket. */
export type WebSocketProgressMessage = Schemas['ProgressSocketServerMessage']

/** A message of a job, over whichever transport: as the WebSocket has it, with what SSE and polling know of it. */
export interface BookMessage extends Message {
  readonly type: 'progress' | 'book_enriched' | 'job_complete' | 'error' | 'canceled' | 'reset' | 'other'
  readonly data: Readonly<Record<string, unknown>>
}

/** Whether it is the last one of its job. An `error` without an end only says that something that was asked for can't be done. */
export function isLast({ type, data }: BookMessage): boolean {
  return type === 'job_complete' || type === 'canceled' || (type === 'error' && data['failedAt'] !== undefined)
}

const STATUSES = { progress: 'processing', job_complete: 'completed', error: 'failed', canceled: 'canceled' } as const

/** Shows messages as events of SSE. A failure that knows no figures has the last ones that were told. */
export function eventReader(jobId: string): (message: BookMessage) => SSEProgressEvent | undefined {
  let figures: Pick<SSEProgressEvent, 'progress' | 'processedCount' | 'totalCount'> = { progress: 0, processedCount: 0, totalCount: 0 }
  let book: unknown
  return ({ type, data }) => {
    if (type === 'book_enriched') ({ book } = data)
    if (!(type in STATUSES)) return undefined
    const { type: _type, seq: _seq, results, ...rest } = data
    const event: SSEProgressEvent = {
      ...figures,
      ...(book !== undefined && { book: book as StreamedBook }),
      ...(results !== undefined && { books: booksOf(results) }),
      ...rest,
      jobId,
      status: STATUSES[type as keyof typeof STATUSES],
    }
    book = undefined
    const { progress, processedCount, totalCount } = event
    figures = { progress, processedCount, totalCount }
    return event
  }
}

/** The books among the results of a job: of an enrichment they lie within; of a scan some spines are none, or were seen before. */
function booksOf(results: unknown): StreamedBook[] {
  const all = results as readonly (StreamedBook & {
    readonly query?: unknown
    readonly duplicateOf?: unknown
    readonly book?: StreamedBook
  })[]
  return all.flatMap(
    (result) => result.book ?? (result.query !== undefined || result.duplicateOf !== undefined || !result.title ? [] : result),
  )
}
