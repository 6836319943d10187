import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http'
import type { StoredJob } from '@headway/core'
import { requestedCursor, START } from './cursor.js'
import type { Delivery } from './delivery.js'
import type { Dialect } from './dialect.js'
import { HttpChunk } from './http-chunk.js'
import { ndjsonFraming } from './http-framing.js'
import { HttpStream, streamHeaders } from './http-stream.js'
import type { StreamFormat } from './http-stream.js'
import { nativeDialect } from './native-dialect.js'
import { assertAdmitted } from './watchers.js'

export interface NdjsonOptions {
  readonly delivery: Delivery
  /** The job as it is now. Whether the client may read it is settled before. */
  readonly job: StoredJob
  /** The native dialect by default. Give one object for all requests: what is encoded is shared by it. */
  readonly dialect?: Dialect
  /** The query's `after`, as it came. */
  readonly after?: string | undefined
  /** Headers beside those of every stream. */
  readonly headers?: OutgoingHttpHeaders
}

const format: StreamFormat = {
  transport: 'ndjson',
  contentType: 'application/x-ndjson',
  framing: ndjsonFraming,
  heartbeat: HttpChunk.of('\n'),
}

/**
 * Answers with a job's log as lines of JSON, the terminal event last. An empty line is a heartbeat. A stream that ends without a terminal event was
 * broken off: ask again with the last seq. Resolves when the headers are written; the stream then goes on by itself.
 *
 * @throws HeadwayError INVALID_CURSOR, OVERLOADED, SHUTTING_DOWN, before anything is written
 */
export function serveNdjson(request: IncomingMessage, response: ServerResponse, options: NdjsonOptions): Promise<void> {
  return new Promise((resolve) => {
    const { delivery, job, dialect = nativeDialect } = options
    const cursor = requestedCursor(request, options.after) ?? START
    assertAdmitted(delivery)
    response.writeHead(200, { ...streamHeaders(format), ...options.headers })
    if (request.method === 'HEAD') response.end()
    else HttpStream.start(request, response, job, cursor, { delivery, format, dialect })
    resolve()
  })
}
