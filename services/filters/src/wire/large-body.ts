import { Worker } from 'node:worker_threads'
import { HeadwayError } from '@headway/core'

/** Bodies of more than so many bytes are parsed in a thread of their own. */
export const LARGE_BODY_BYTES = 512 * 1024

/** The most that a body may have beside its pre-fetched texts, in bytes: it is checked in this thread. */
export const MAX_BODY_REST_BYTES = 1024 * 1024

/** What the thread answers. */
export type ParsedBody = { readonly value: unknown } | { readonly code: 'INVALID_JSON' | 'BODY_TOO_LARGE'; readonly message: string }

/**
 * Parses a large body elsewhere. Its pre-fetched texts come back packed (`packedContent` in place of `preFetchedContent`), because many
 * megabytes of texts would hold up this thread.
 *
 * @throws HeadwayError INVALID_JSON, BODY_TOO_LARGE (what is beside the texts)
 */
async function parseLargeBody(bytes: Buffer): Promise<unknown> {
  const copy = bytes.buffer.byteLength === bytes.length ? bytes : Buffer.from(bytes)
  const worker = new Worker(new URL('large-body-worker.js', import.meta.url), {
    workerData: copy,
    // A worker's own Buffer pool must not go with it.
    ...(copy.buffer instanceof ArrayBuffer && copy.buffer.byteLength === copy.length && { transferList: [copy.buffer] }),
  })
  try {
    const parsed = await new Promise<ParsedBody>((resolve, reject) => {
      worker.once('message', resolve).once('error', reject)
      worker.once('exit', () => reject(new Error('The thread that parses a body ended before it had done so.')))
    })
    if ('code' in parsed) throw new HeadwayError(parsed.code, parsed.message)
    return parsed.value
  } finally {
    await worker.terminate()
  }
}

/** For `kit.readJson`: small bodies are the server's. */
export function parseElsewhere(bytes: Buffer): Promise<unknown> | undefined {
  return bytes.length > LARGE_BODY_BYTES ? parseLargeBody(bytes) : undefined
}
