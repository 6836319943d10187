import type { Way } from '../sse/resume.js'
import type { ConnectionState } from '../types.js'
import { followBooks, stateTeller } from './follow-books.js'
import { eventReader } from './messages.js'
import type { BookMessage, SSEProgressEvent } from './messages.js'
import { readSocket } from './socket.js'
import { jobOfUrl, poll, readStream } from './ways.js'
import type { BooksTransports } from './ways.js'

export interface SSEStreamOptions extends BooksTransports {
  /** The `sseUrl` or `streamUrl` of a job. */
  readonly sseUrl: string
  /** The job's token, where the URL has no ticket. */
  readonly authToken?: string
  /** Called for every book. */
  readonly onProgress?: (event: SSEProgressEvent) => void
  /** Called once: the job is completed, and `books` has them all. */
  readonly onComplete?: (event: SSEProgressEvent) => void
  /** Called once: the job failed. */
  readonly onFailed?: (event: SSEProgressEvent) => void
  /** Called once: the job was cancelled. */
  readonly onCanceled?: (event: SSEProgressEvent) => void
  /** Called once, when the stream can't be had: it is closed then. That a connection is lost is no error: see `onState`. */
  readonly onError?: (error: Error) => void
  /** Told each change of the connection: say "reconnecting" to people. */
  readonly onState?: (state: ConnectionState) => void
}

export interface SSEStream {
  readonly state: ConnectionState
  /** Stops following. The job goes on. */
  close(): void
}

/**
 * Follows a job over SSE; where that can't be had over a WebSocket, and else by polling. A connection that is lost is taken up again where
 * it was: every callback comes once.
 *
 * ```ts
 * const stream = createSSEStream({ sseUrl, onProgress: ({ progress }) => show(progress), onComplete: ({ books }) => keep(books) })
 * // later: stream.close()
 * ```
 *
 * @throws HeadwayClientError INVALID_URL for a URL that is none of such a stream
 */
export function createSSEStream(options: SSEStreamOptions): SSEStream {
  const { sseUrl, authToken, WebSocket: Socket = globalThis.WebSocket, onState } = options
  const stop = new AbortController()
  const job = jobOfUrl(sseUrl, authToken, options)
  const socketPath = `/ws/progress?jobId=${job.jobId}${job.query.replace('?', '&')}`
  const sockets: Way<BookMessage>[] = Socket ? [(connection) => readSocket(connection, job, socketPath, Socket)] : []
  const eventOf = eventReader(job.jobId)
  let state: ConnectionState = 'connecting'
  void followBooks([(connection) => readStream(connection, job), ...sockets, (connection) => poll(connection, job)], stop, {
    message(message) {
      const event = eventOf(message)
      if (!event) return
      const { status } = event
      if (status === 'processing') options.onProgress?.(event)
      else if (status === 'completed') options.onComplete?.(event)
      else if (status === 'failed') options.onFailed?.(event)
      else options.onCanceled?.(event)
    },
    state: stateTeller((now) => {
      state = now
      onState?.(now)
    }),
    error: options.onError,
  })
  return {
    get state() {
      return state
    },
    close: () => stop.abort(),
  }
}
