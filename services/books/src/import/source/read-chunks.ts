import { open } from 'node:fs/promises'
import { ImportError } from '../import-error.js'
import { CHUNK_BYTES } from '../limits.js'

/** A file's content, or the path of a file. */
export type LibrarySource = Uint8Array | string

/**
 * The bytes of a source, in pieces of at most 128 KiB; no piece is used again for another.
 *
 * @throws ImportError FILE_UNREADABLE
 */
export async function* readChunks(source: LibrarySource): AsyncGenerator<Buffer> {
  if (typeof source === 'string') {
    yield* readFileChunks(source)
    return
  }
  const all = Buffer.from(source.buffer, source.byteOffset, source.byteLength)
  for (let at = 0; at < all.length; at += CHUNK_BYTES) yield all.subarray(at, at + CHUNK_BYTES)
}

async function* readFileChunks(path: string): AsyncGenerator<Buffer> {
  const file = await open(path).catch((cause: unknown) => {
    throw unreadable(cause)
  })
  try {
    for (;;) {
      const chunk = Buffer.allocUnsafeSlow(CHUNK_BYTES)
      const { bytesRead } = await file.read(chunk, 0, CHUNK_BYTES).catch((cause: unknown) => {
        throw unreadable(cause)
      })
      if (bytesRead === 0) return
      yield chunk.subarray(0, bytesRead)
    }
  } finally {
    await file.close()
  }
}

function unreadable(cause: unknown): ImportError {
  const { code } = cause as NodeJS.ErrnoException
  return new ImportError('FILE_UNREADABLE', `The uploaded file can't be read${code === undefined ? '' : ` (${code})`}.`, { cause })
}
