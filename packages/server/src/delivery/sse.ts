import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http'
import type { StoredJob } from '@headway/core'
import { isTerminal } from '@headway/protocol'
import { requestedCursor, START } from './cursor.js'
import type { Cursor } from './cursor.js'
import type { Delivery } from './delivery.js'
import type { Dialect, DialectMessage } from './dialect.js'
import { HttpChunk } from './http-chunk.js'
import { sseFraming } from './http-framing.js'
import { HttpStream, streamHeaders } from './http-stream.js'
import type { StreamFormat } from './http-stream.js'
import { nativeDialect } from './native-dialect.js'
import { comebackMs } from './settings.js'

export interface SseOptions {
  readonly delivery: Delivery
  /** The job as it is now. Whether the client may read it is settled before. */
  readonly job: StoredJob
  /** The native dialect by default. Give one object for all requests: what is encoded is shared by it. */
  readonly dialect?: Dialect
  /** The query's `after`, as it came. The `Last-Event-ID` header wins. */
  readonly after?: string | undefined
  /** The cursor, where it does not come with the request. */
  readonly cursor?: Cursor | undefined
  /** Silence before a heartbeat, in milliseconds; the delivery's setting by default. */
  readonly heartbeatMs?: number | undefined
  /** Headers beside those of every stream. */
  readonly headers?: OutgoingHttpHeaders
  /** Ends the stream with a message when the job had no news for `ms` milliseconds. */
  readonly idle?: { readonly ms: number; readonly message: DialectMessage & { readonly body: string } }
}

const format: StreamFormat = {
  transport: 'sse',
  contentType: 'text/event-stream',
  framing: sseFraming,
  heartbeat: HttpChunk.of(': heartbeat\n\n'),
  retry: (ms) => HttpChunk.of(`retry: ${ms}\n\n`),
}

/** How far from the end of a finished log it is looked for whether anything is left to say. In events. */
const LOOK_BACK = 8

/**
 * Answers with a job's log as Server-Sent Events. Resolves when the headers are written; the stream then goes on by itself
 * until the terminal event, or until the client or the server leaves.
 *
 * Answers 204, after which an EventSource stays away, to a client that has all there will ever be. A server that has too many watchers or is stopping
 * answers 200 and a `retry:`: after any other status an EventSource would never come back.
 *
 * @throws HeadwayError INVALID_CURSOR, before anything is written
 */
export async function serveSse(request: IncomingMessage, response: ServerResponse, options: SseOptions): Promise<void> {
  const { delivery, job, dialect = nativeDialect } = options
  const cursor = options.cursor ?? requestedCursor(request, options.after)
  const { watchers, settings } = delivery
  if (watchers.admits && cursor !== undefined && (await hasAll(delivery, job, dialect, cursor))) {
    response.writeHead(204, { 'Cache-Control': 'no-store', ...options.headers }).end()
    return
  }
  response.writeHead(200, { ...streamHeaders(format), ...options.headers })
  if (request.method === 'HEAD') {
    response.end()
    return
  }
  if (!watchers.admits) {
    response.end(`retry: ${comebackMs(settings)}\n\n`)
    return
  }
  const { heartbeatMs, idle } = options
  HttpStream.start(request, response, job, cursor ?? START, {
    delivery,
    format,
    dialect,
    heartbeatMs,
    idle: idle && { ms: idle.ms, message: sseFraming.chunk([{ id: undefined, event: undefined, ...idle.message }]) },
  })
}

/** Whether no message follows `cursor`, ever: the log is closed, and what is left of it makes none. */
async function hasAll({ engine }: Delivery, job: StoredJob, dialect: Dialect, cursor: Cursor): Promise<boolean> {
  if (!isTerminal(job.status) || cursor.after < job.head - LOOK_BACK || cursor.after > job.head) return false
  try {
    const { events, next, head, closed } = await engine.read(job.id, { after: cursor.after, maxEvents: LOOK_BACK, maxBytes: 2 ** 20 })
    if (!closed || next < head || (cursor.skip > 0 && events.length === 0)) return false
    return events.every((event, index) => dialect.encode(event, job).length <= (index === 0 ? cursor.skip : 0))
  } catch {
    // The stream will meet the same trouble, and has words for it.
    return false
  }
}
