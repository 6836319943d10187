import { isAscii } from 'node:buffer'
import { isBlank } from '../rules/white-space.js'

const EXCLAMATION = 33
const HASH = 35
const LINE_FEED = 10
/**
 * Bytes that are decoded together. A text with one foreign character takes two bytes for each of its characters, so that decoding in pieces
 * keeps nearly all lines in half the memory, and faster to read.
 */
const PIECE_BYTES = 64 * 1024

/** True for a line that may be one for the preprocessor: those are at column 0 only. */
export function isDirective(line: string): boolean {
  return line.charCodeAt(0) === EXCLAMATION && line.charCodeAt(1) === HASH
}

/** A text without its byte order mark and white space at its ends, split at runs of CR and LF. An empty text gives one empty line. */
export function splitText(text: string): string[] {
  return trimEnds(splitPiece(text))
}

/** {@link splitText} for UTF-8. What is not valid becomes the replacement character, as in the reference. */
export function splitBytes(bytes: Uint8Array): string[] {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const pieces: string[][] = []
  for (let from = 0; from < buffer.length;) {
    const feed = buffer.indexOf(LINE_FEED, from + PIECE_BYTES)
    const to = feed === -1 ? buffer.length : feed
    const piece = buffer.subarray(from, to)
    pieces.push(splitPiece(piece.toString(isAscii(piece) ? 'latin1' : 'utf8')))
    from = to + 1
  }
  return trimEnds(([] as string[]).concat(...pieces))
}

/** The lines of a text without empty ones. Built-in searches are many times faster than any loop here. */
function splitPiece(text: string): string[] {
  const plain = text.includes('\r') ? text.replaceAll('\r\n', '\n').replaceAll('\r', '\n') : text
  const lines = plain.split('\n')
  const hasEmpty = plain.includes('\n\n') || plain.startsWith('\n') || plain.endsWith('\n') || plain === ''
  return hasEmpty ? lines.filter((line) => line !== '') : lines
}

/** What trimming the whole text does to its lines. */
function trimEnds(lines: string[]): string[] {
  let last = lines.length - 1
  while (last >= 0 && isBlank(lines[last] as string)) last--
  let first = 0
  while (first < last && isBlank(lines[first] as string)) first++
  if (last < 0) return ['']
  const kept = first === 0 && last === lines.length - 1 ? lines : lines.slice(first, last + 1)
  kept[0] = (kept[0] as string).trimStart()
  kept[kept.length - 1] = (kept.at(-1) as string).trimEnd()
  return kept
}
