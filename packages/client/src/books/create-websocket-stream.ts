import { mustBeOk } from '../sse/ask-with.js'
import type { Way } from '../sse/resume.js'
import type { ConnectionState } from '../types.js'
import { followBooks, stateTeller } from './follow-books.js'
import type { BookMessage, WebSocketProgressMessage } from './messages.js'
import { readSocket } from './socket.js'
import { jobOfUrl, poll } from './ways.js'
import type { BooksTransports } from './ways.js'

export interface WebSocketStreamOptions extends BooksTransports {
  /** The `websocketUrl` of a job. */
  readonly websocketUrl: string
  /** The job's token; without it one can only look on, where the URL has a ticket. */
  readonly authToken?: string
  /** The job's id, which the URL has, too. */
  readonly jobId?: string
  /** Called each time that the connection is there. */
  readonly onConnected?: () => void
  /** Called for every book: `book_enriched` where one was found, and `progress`. */
  readonly onProgress?: (message: ProgressMessage) => void
  /** Called once: the job is completed. */
  readonly onComplete?: (message: CompleteMessage) => void
  /** Called once: the job was cancelled. */
  readonly onCanceled?: (message: CanceledMessage) => void
  /** Called when the job failed, when `cancel` did, and when the connection can't be had: it is closed then. */
  readonly onError?: (error: Error) => void
  /** Called each time that the connection is lost, and when it is over. */
  readonly onDisconnected?: () => void
  /** Told each change of the connection: say "reconnecting" to people. */
  readonly onState?: (state: ConnectionState) => void
}

type Of<Type extends WebSocketProgressMessage['type']> = Extract<WebSocketProgressMessage, { readonly type: Type }>
export type ProgressMessage = Of<'progress' | 'book_enriched'>
export type CompleteMessage = Of<'job_complete'>
export type CanceledMessage = Of<'canceled'>

/** What stands for the sockets that follow one another. */
export interface StreamSocket {
  /** As a WebSocket's: 0 while there is no connection, 1 while there is one, 3 when it is over. */
  readonly readyState: number
  /** Sends a text, where there is a connection. */
  send(text: string): void
  /** Stops following. The job goes on. */
  close(): void
}

export interface WebSocketStream {
  readonly ws: StreamSocket
  /** Cancels the job: `onCanceled` is called when that has happened. */
  readonly cancel: () => void
}

/**
 * Follows a job over a WebSocket, and by polling where none can be had. A connection that is lost is taken up again where it was: every
 * message comes once.
 *
 * ```ts
 * const { ws, cancel } = createWebSocketStream({ websocketUrl, authToken, jobId, onProgress: ({ type }) => console.log(type) })
 * // later: cancel() ends the job, ws.close() only the watching
 * ```
 *
 * @throws HeadwayClientError INVALID_URL for a URL that is none of such a socket
 */
export function createWebSocketStream(options: WebSocketStreamOptions): WebSocketStream {
  const { websocketUrl, authToken, WebSocket: Socket = globalThis.WebSocket, onState, onError } = options
  const stop = new AbortController()
  const job = jobOfUrl(websocketUrl, authToken, options)
  let socket: WebSocket | undefined
  let state: ConnectionState = 'connecting'
  const polling: Way<BookMessage> = (connection) => poll(connection, job)
  const talking: Way<BookMessage> = (connection) => readSocket(connection, job, job.path, Socket, (opened) => (socket = opened))
  void followBooks(Socket ? [talking, polling] : [polling], stop, {
    message({ type, data }) {
      if (type === 'progress' || type === 'book_enriched') options.onProgress?.(data as ProgressMessage)
      else if (type === 'job_complete') options.onComplete?.(data as CompleteMessage)
      else if (type === 'canceled') options.onCanceled?.(data as CanceledMessage)
      else if (type === 'error') onError?.(errorOf(data as Of<'error'>))
    },
    state: stateTeller((now, before) => {
      state = now
      onState?.(now)
      if (now === 'live') options.onConnected?.()
      else if (before === 'live') options.onDisconnected?.()
    }),
    error: onError,
  })
  return {
    ws: {
      get readyState() {
        return state === 'closed' ? 3 : state === 'live' ? 1 : 0
      },
      send: (text) => socket?.send(text),
      close: () => stop.abort(),
    },
    cancel() {
      // Not over the socket: what it is given while it breaks is lost without a word.
      mustBeOk(job.ask(`/api/v2/jobs/${job.jobId}/cancel`, { method: 'DELETE', token: authToken })).catch((error: unknown) =>
        onError?.(error as Error),
      )
    },
  }
}

function errorOf({ error: { code, message } }: Of<'error'>): Error {
  return Object.assign(new Error(message), { code })
}
