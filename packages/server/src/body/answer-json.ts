import type { BlobRef, BlobStore } from '@headway/core'
import type { ServerContext } from '../context.js'
import type { ContentfulStatusCode } from 'hono/utils/http-status'

/** A piece of a JSON text: itself, or the blob that has it. */
export type JsonPiece = string | BlobRef

/**
 * Answers with a JSON text of which parts lie in blobs. They are read while they are sent, as fast as the client takes them, and never held
 * whole.
 *
 * @throws HeadwayError NOT_FOUND when a blob is gone, before anything is sent
 */
export async function answerJson(
  c: ServerContext,
  blobs: Pick<BlobStore, 'read'>,
  pieces: readonly JsonPiece[],
  status: ContentfulStatusCode,
  headers: Readonly<Record<string, string>>,
): Promise<Response> {
  const all = { 'Content-Type': 'application/json', ...headers }
  const texts = pieces.filter((piece) => typeof piece === 'string')
  if (texts.length === pieces.length) return c.body(texts.join(''), status, all)
  for (const piece of pieces) if (typeof piece !== 'string') await assertThere(blobs, piece)
  const size = pieces.reduce((sum, piece) => sum + (typeof piece === 'string' ? Buffer.byteLength(piece) : piece.size), 0)
  return c.body(streamOf(bytesOf(pieces, blobs)), status, { ...all, 'Content-Length': String(size) })
}

async function assertThere(blobs: Pick<BlobStore, 'read'>, ref: BlobRef): Promise<void> {
  for await (const _ of blobs.read(ref, { start: 0, end: 1 })) return
}

async function* bytesOf(pieces: readonly JsonPiece[], blobs: Pick<BlobStore, 'read'>): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  for (const piece of pieces) {
    if (typeof piece === 'string') yield new TextEncoder().encode(piece)
    else for await (const chunk of blobs.read(piece)) yield new Uint8Array(chunk)
  }
}

/** Nothing is read before it is asked for. */
function streamOf(bytes: AsyncGenerator<Uint8Array<ArrayBuffer>>): ReadableStream<Uint8Array<ArrayBuffer>> {
  return new ReadableStream<Uint8Array<ArrayBuffer>>(
    {
      async pull(controller) {
        const { done, value } = await bytes.next()
        if (done === true) controller.close()
        else controller.enqueue(value)
      },
      async cancel() {
        await bytes.return(undefined)
      },
    },
    { highWaterMark: 0 },
  )
}
