import type { BlobRef, JobBlobs } from '@headway/core'

/** How much is handed on at a time, in characters. */
const CHUNK_CHARACTERS = 64 * 1024

/** Makes values, each as JSON text or several with commas between them, a JSON array in a blob of the job. */
export function putJsonList(blobs: JobBlobs, values: Iterable<string> | AsyncIterable<string>): Promise<BlobRef> {
  return blobs.put(bytesOf(pieces(values)))
}

async function* pieces(values: Iterable<string> | AsyncIterable<string>): AsyncGenerator<string> {
  let first = true
  yield '['
  for await (const value of values) {
    yield first ? value : `,${value}`
    first = false
  }
  yield ']'
}

/** Texts as bytes, in chunks of some size. */
export async function* bytesOf(texts: Iterable<string> | AsyncIterable<string>): AsyncGenerator<Uint8Array> {
  let waiting: string[] = []
  let characters = 0
  for await (const text of texts) {
    waiting.push(text)
    characters += text.length
    if (characters < CHUNK_CHARACTERS) continue
    yield Buffer.from(waiting.join(''))
    waiting = []
    characters = 0
  }
  if (characters > 0) yield Buffer.from(waiting.join(''))
}
