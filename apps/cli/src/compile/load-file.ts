import { createHash } from 'node:crypto'
import { open } from 'node:fs/promises'
import type { FileHandle } from 'node:fs/promises'
import { CompileError, DEFAULT_LIMITS } from '@headway/filters/compiler'
import type { Loaded } from '@headway/filters/compiler'

/**
 * Reads a file, relative to the working directory; also one that has no size, such as the pipe of a shell's `<(...)`.
 *
 * @throws CompileError SOURCE_NOT_FOUND, SOURCE_TOO_LARGE; the signal's reason
 */
export async function loadFile(path: string, signal: AbortSignal): Promise<Loaded> {
  let file: FileHandle | undefined
  try {
    file = await open(path)
    const stat = await file.stat()
    const bytes = stat.isFile() ? await file.readFile({ signal }) : await readPipe(path, file, signal)
    return { bytes, sha256: createHash('sha256').update(bytes).digest('hex') }
  } catch (error) {
    if (signal.aborted || error instanceof CompileError) throw error
    throw new CompileError('SOURCE_NOT_FOUND', `${path} can't be read: ${reasonOf(error as NodeJS.ErrnoException)}.`, { cause: error })
  } finally {
    await file?.close()
  }
}

/** Something that may never end is read up to what the compiler takes. */
async function readPipe(path: string, file: FileHandle, signal: AbortSignal): Promise<Uint8Array> {
  const parts: Uint8Array[] = []
  let size = 0
  for await (const part of file.createReadStream({ autoClose: false, signal })) {
    size += (part as Uint8Array).length
    if (size > DEFAULT_LIMITS.sourceBytes) {
      throw new CompileError('SOURCE_TOO_LARGE', `${path} has more than ${DEFAULT_LIMITS.sourceBytes} bytes.`)
    }
    parts.push(part as Uint8Array)
  }
  return Buffer.concat(parts, size)
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EISDIR: 'it is a folder',
  EACCES: 'there is no permission',
}

function reasonOf({ code, message }: NodeJS.ErrnoException): string {
  return code === undefined ? message : (REASONS[code] ?? code)
}
