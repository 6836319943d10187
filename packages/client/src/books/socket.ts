import { HeadwayClientError } from '../errors.js'
import type { Connection } from '../sse/resume.js'
import { SILENCE_MS } from '../sse/sse-way.js'
import type { BookMessage, WebSocketProgressMessage } from './messages.js'
import type { BooksJob } from './ways.js'

/** The server is asked for a sign of life so often, in milliseconds. */
const PING_MS = 25_000

/** Close codes after which the same would be refused again, with the status that says so over HTTP. */
const REFUSALS: Readonly<Record<number, number>> = { 1008: 400, 4401: 401, 4403: 403 }

const TYPES: ReadonlySet<string> = new Set<BookMessage['type']>(['progress', 'book_enriched', 'job_complete', 'error', 'canceled', 'reset'])

/**
 * Reads a job over a WebSocket.
 *
 * @param using told the socket while it is open
 */
export async function* readSocket(
  { signal, after, live }: Connection,
  { jobId, token, baseUrl }: BooksJob,
  path: string,
  Socket: typeof WebSocket,
  using?: (socket: WebSocket | undefined) => void,
): AsyncGenerator<BookMessage, void, void> {
  const socket = new Socket(baseUrl.replace(/^http/, 'ws') + path, token === undefined ? [] : [token])
  // What comes is handed on at once: whoever reads never waits.
  const received: WebSocketProgressMessage[] = []
  let closed: CloseEvent | undefined
  let heardAt = Date.now()
  let wake = (): void => undefined
  const end = (code = 1006): void => {
    closed ??= { code } as CloseEvent
    wake()
  }
  const close = (): void => {
    socket.close()
    // A connection that is half open takes long to close.
    end()
  }
  const ping = setInterval(() => {
    if (Date.now() - heardAt > SILENCE_MS) close()
    else if (socket.readyState === 1) socket.send('{"type":"ping"}')
  }, PING_MS)
  signal.addEventListener('abort', close)
  socket.addEventListener('open', () => {
    using?.(socket)
    socket.send(JSON.stringify({ type: 'ready', jobId, after }))
  })
  socket.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
    heardAt = Date.now()
    received.push(JSON.parse(String(data)) as WebSocketProgressMessage)
    wake()
  })
  // What went wrong is not told, in browsers; `close` follows.
  socket.addEventListener('error', () => undefined)
  socket.addEventListener('close', ({ code }) => end(code))
  try {
    while (!signal.aborted) {
      const message = received.shift()
      if (message === undefined) {
        if (closed) break
        await new Promise<void>((resolve) => (wake = resolve))
        continue
      }
      const { type, seq } = message
      if (type === 'ready_ack') live()
      // The seq of a pong, of an acknowledgement or of a refusal tells where the stream is, and moves nothing.
      const isNumbered = TYPES.has(type) && (type !== 'error' || message.failedAt !== undefined)
      if (TYPES.has(type)) {
        yield {
          id: isNumbered ? String(seq) : undefined,
          event: type,
          type: type as BookMessage['type'],
          data: message,
        }
      }
    }
    const status = closed && REFUSALS[closed.code]
    if (!signal.aborted) throw new HeadwayClientError('SOCKET_CLOSED', `The connection was closed with ${closed?.code}.`, { status })
  } finally {
    using?.(undefined)
    clearInterval(ping)
    signal.removeEventListener('abort', close)
    close()
  }
}
