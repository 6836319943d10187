import { ImportError } from '../import-error.js'
import { HEAD_BYTES } from '../limits.js'
import { foreignKind, isBinary } from './content-kind.js'
import { byteOrderMark, utf16ByZeros } from './encoding.js'
import type { Encoding } from './encoding.js'
import { readChunks } from './read-chunks.js'
import type { LibrarySource } from './read-chunks.js'
import { readText } from './read-text.js'

/** The beginning of a file's text. */
export interface Head {
  /** As `readText` gives it. */
  readonly head: Buffer
  readonly isWhole: boolean
  /** UTF-16, or `utf-8` for all else: whether that holds, only the whole file tells. */
  readonly encoding: Encoding
  /** A mark says so. */
  readonly hasMark: boolean
}

/**
 * Reads the beginning of a file.
 *
 * @throws ImportError EMPTY_FILE, NOT_CSV, FILE_UNREADABLE
 */
export async function readHead(source: LibrarySource): Promise<Head> {
  const { bytes, isWhole } = await readStart(source)
  if (bytes.length === 0) throw new ImportError('EMPTY_FILE', 'The file is empty: it has 0 bytes.')
  const kind = foreignKind(bytes)
  if (kind !== undefined) throw notCsv(`this is ${kind}`)
  const mark = byteOrderMark(bytes)
  const encoding = mark?.encoding ?? utf16ByZeros(bytes) ?? 'utf-8'
  if (encoding === 'utf-8' && isBinary(bytes)) throw notCsv('it holds bytes that are no text')
  const parts: Buffer[] = []
  for await (const part of readText([bytes], encoding)) parts.push(part)
  const head = Buffer.concat(parts)
  return { head, isWhole, encoding, hasMark: mark !== undefined }
}

async function readStart(source: LibrarySource): Promise<{ bytes: Buffer; isWhole: boolean }> {
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of readChunks(source)) {
    // One piece more than is needed tells whether that is all.
    if (length >= HEAD_BYTES) return { bytes: Buffer.concat(chunks), isWhole: false }
    chunks.push(chunk)
    length += chunk.length
  }
  return { bytes: Buffer.concat(chunks), isWhole: true }
}

function notCsv(what: string): ImportError {
  return new ImportError('NOT_CSV', `The file is no CSV: ${what}. Export the library as CSV, or save the sheet as CSV in UTF-8.`)
}
