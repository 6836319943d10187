import { createReadStream } from 'node:fs'
import { basename } from 'node:path'
import { CommandError } from '../command-error.js'
import { EXIT } from '../exit-codes.js'
import { shortBytes } from '../text/bytes.js'

/** Where a server tells no limit, in bytes: what surely fits into memory. */
const MOST_BYTES = 256 * 1024 * 1024

/** Why a file can't be read, by the code of the error. */
export const UNREADABLE: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EACCES: 'there is no permission',
  EISDIR: 'it is a folder',
}

/**
 * The bytes of a file that is to be sent. Of one that is too large no more is read than shows it.
 *
 * @param maxBytes undefined where the server tells none
 * @throws CommandError when it can't be read, is empty or too large
 */
export async function readFileToSend(path: string, maxBytes: number = MOST_BYTES): Promise<File> {
  const parts: Buffer<ArrayBuffer>[] = []
  let size = 0
  try {
    for await (const part of createReadStream(path) as AsyncIterable<Buffer<ArrayBuffer>>) {
      parts.push(part)
      size += part.length
      if (size > maxBytes) break
    }
  } catch (error) {
    const { code = '', message } = error as NodeJS.ErrnoException
    throw new CommandError(`${path} can't be read: ${UNREADABLE[code] ?? message}.`, EXIT.usage)
  }
  if (size === 0) throw new CommandError(`${path} is empty.`, EXIT.usage)
  if (size > maxBytes) {
    throw new CommandError(`${path} is too large: the server takes at most ${shortBytes(maxBytes)} (${maxBytes} bytes).`, EXIT.usage)
  }
  return new File(parts, basename(path))
}
