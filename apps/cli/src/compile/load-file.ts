import { createHash } from 'node:crypto'
import { constants, createReadStream, openSync } from 'node:fs'
import type { Stats } from 'node:fs'
import { readFile, stat as statOf } from 'node:fs/promises'
import { Socket } from 'node:net'
import { addAbortSignal } from 'node:stream'
import type { Readable } from 'node:stream'
import { CompileError, DEFAULT_LIMITS } from '@headway/filters/compiler'
import type { Loaded } from '@headway/filters/compiler'
import { fileReason } from './file-reason.js'

/**
 * Reads a file, relative to the working directory; also one that has no size, such as the pipe of a shell's `<(...)`.
 *
 * @throws CompileError SOURCE_NOT_FOUND, SOURCE_TOO_LARGE; the signal's reason
 */
export async function loadFile(path: string, signal: AbortSignal): Promise<Loaded> {
  try {
    const stat = await statOf(path)
    if (stat.isFile() && stat.size > DEFAULT_LIMITS.sourceBytes) throw tooLarge(path)
    const bytes = stat.isFile() ? await readFile(path, { signal }) : await readStream(path, streamOf(path, stat), signal)
    return { bytes, sha256: createHash('sha256').update(bytes).digest('hex') }
  } catch (error) {
    if (signal.aborted || error instanceof CompileError) throw error
    throw new CompileError('SOURCE_NOT_FOUND', `${path} can't be read: ${fileReason(error as NodeJS.ErrnoException)}.`, { cause: error })
  }
}

/** A pipe is waited for without a thread: one that waits can't be ended while nobody writes. */
function streamOf(path: string, stat: Stats): Readable {
  if (!stat.isFIFO()) return createReadStream(path)
  return new Socket({ fd: openSync(path, constants.O_RDONLY | constants.O_NONBLOCK), readable: true, writable: false })
}

/** Something that may never end is read up to what the compiler takes. */
async function readStream(path: string, stream: Readable, signal: AbortSignal): Promise<Uint8Array> {
  const parts: Uint8Array[] = []
  let size = 0
  for await (const part of addAbortSignal(signal, stream)) {
    size += (part as Uint8Array).length
    if (size > DEFAULT_LIMITS.sourceBytes) throw tooLarge(path)
    parts.push(part as Uint8Array)
  }
  return Buffer.concat(parts, size)
}

function tooLarge(path: string): CompileError {
  return new CompileError('SOURCE_TOO_LARGE', `${path} has more than the allowed ${DEFAULT_LIMITS.sourceBytes} bytes.`)
}
