import { open } from 'node:fs/promises'
import type { FileHandle } from 'node:fs/promises'
import { createHash } from 'node:crypto'
import { setImmediate } from 'node:timers/promises'
import { createGunzip } from 'node:zlib'
import { CatalogError } from '../errors.js'

/** Bytes that are read at a time. */
const CHUNK = 256 * 1024
/** The same while nothing is made of them. */
const LARGE_CHUNK = 1024 * 1024

/** A file to take in; what is compressed with gzip is read as what it was. */
export interface Source {
  /** Of all that is in the file: the same under another name, another when anything in it was changed. */
  readonly fingerprint: string
  /** Of the file as it is. */
  readonly bytesTotal: number
  /** Of these, how many were read so far. */
  bytesRead(): number
  /** Its beginning, decompressed. */
  readonly head: Buffer
  /**
   * What comes after so many bytes, decompressed.
   *
   * @throws CatalogError TRUNCATED_FILE after all that is there
   */
  chunks(from: number): AsyncGenerator<Buffer>
  close(): Promise<void>
}

/**
 * Opens a file, and reads it once to know it again.
 *
 * @throws CatalogError FILE_UNREADABLE; the signal's reason when it is aborted
 */
export async function openSource(path: string, signal?: AbortSignal): Promise<Source> {
  const file = await open(path).catch((error: unknown) => {
    throw unreadable(path, error)
  })
  try {
    const { size } = await file.stat()
    const start = await readAt(file, 0, Math.min(2, size))
    const compressed = start[0] === 0x1f && start[1] === 0x8b
    let read = 0
    async function* raw(from: number): AsyncGenerator<Buffer> {
      for (read = from; read < size;) {
        const chunk = await readAt(file, read, Math.min(CHUNK, size - read))
        if (chunk.length === 0) return
        read += chunk.length
        yield chunk
      }
    }
    const chunks = (from: number): AsyncGenerator<Buffer> => (compressed ? skip(gunzipped(raw(0), path), from) : raw(from))
    return {
      fingerprint: await fingerprintOf(file, size, signal),
      bytesTotal: size,
      bytesRead: () => read,
      head: await headOf(chunks(0)),
      chunks,
      close: () => file.close(),
    }
  } catch (error) {
    await file.close()
    signal?.throwIfAborted()
    throw error instanceof CatalogError ? error : unreadable(path, error)
  }
}

async function fingerprintOf(file: FileHandle, size: number, signal: AbortSignal | undefined): Promise<string> {
  const hash = createHash('sha256')
  for (let at = 0; at < size;) {
    signal?.throwIfAborted()
    const chunk = await readAt(file, at, Math.min(LARGE_CHUNK, size - at))
    if (chunk.length === 0) break
    hash.update(chunk)
    at += chunk.length
  }
  return hash.digest('hex')
}

async function headOf(chunks: AsyncGenerator<Buffer>): Promise<Buffer> {
  try {
    for await (const chunk of chunks) if (chunk.length > 0) return chunk
  } catch (error) {
    // That the file is cut off is said when it is read.
    if (!(error instanceof CatalogError)) throw error
  }
  return Buffer.alloc(0)
}

async function readAt(file: FileHandle, position: number, length: number): Promise<Buffer> {
  const { buffer, bytesRead } = await file.read(Buffer.allocUnsafe(length), 0, length, position)
  return buffer.subarray(0, bytesRead)
}

async function* skip(chunks: AsyncGenerator<Buffer>, bytes: number): AsyncGenerator<Buffer> {
  let left = bytes
  for await (const chunk of chunks) {
    if (left < chunk.length) yield chunk.subarray(left)
    left = Math.max(0, left - chunk.length)
  }
}

/** All that can be decompressed is yielded before an error is thrown: a pipe would drop what it holds. */
async function* gunzipped(chunks: AsyncGenerator<Buffer>, path: string): AsyncGenerator<Buffer> {
  const gunzip = createGunzip({ chunkSize: CHUNK })
  const ready: Buffer[] = []
  let failure: Error | undefined
  gunzip.on('data', (chunk: Buffer) => void ready.push(chunk))
  gunzip.on('error', (error) => (failure = error))
  // After an error a write is never called back.
  const closed = new Promise<void>((resolve) => gunzip.once('close', resolve))
  try {
    for await (const chunk of chunks) {
      await Promise.race([closed, new Promise<void>((resolve) => gunzip.write(chunk, () => resolve()))])
      await setImmediate()
      yield* ready.splice(0)
      if (failure !== undefined) break
    }
    if (!gunzip.closed) gunzip.end()
    await closed
    yield* ready.splice(0)
  } finally {
    gunzip.destroy()
  }
  if (failure !== undefined) {
    throw new CatalogError(
      'TRUNCATED_FILE',
      `${path} is cut off or damaged: ${failure.message}. What could be read of it is in the catalog.`,
    )
  }
}

function unreadable(path: string, error: unknown): CatalogError {
  return new CatalogError('FILE_UNREADABLE', `${path} can't be read: ${error instanceof Error ? error.message : String(error)}.`, {
    cause: error,
  })
}
