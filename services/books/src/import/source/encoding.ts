import { isUtf8 } from 'node:buffer'

export const ENCODINGS = ['utf-8', 'utf-16le', 'utf-16be', 'windows-1252'] as const

export type Encoding = (typeof ENCODINGS)[number]

const BOMS: readonly (readonly [Encoding, readonly number[]])[] = [
  ['utf-8', [0xef, 0xbb, 0xbf]],
  ['utf-16le', [0xff, 0xfe]],
  ['utf-16be', [0xfe, 0xff]],
]
/** Of UTF-16 without a mark: so many of the bytes on one side are zero in Western text, and so few on the other. */
const ZEROS_AT_LEAST = 0.4
const ZEROS_AT_MOST = 0.05

/** How many bytes of a mark stand at the beginning, and what they mean. */
export function byteOrderMark(head: Uint8Array): { readonly encoding: Encoding; readonly length: number } | undefined {
  for (const [encoding, bytes] of BOMS) {
    if (bytes.every((byte, index) => head[index] === byte)) return { encoding, length: bytes.length }
  }
  return undefined
}

/** UTF-16 without a mark, by which half of each pair of bytes is zero. */
export function utf16ByZeros(head: Uint8Array): Encoding | undefined {
  const pairs = Math.min(head.length, 4096) >> 1
  if (pairs === 0) return undefined
  let first = 0
  let second = 0
  for (let pair = 0; pair < pairs; pair++) {
    if (head[pair * 2] === 0) first++
    if (head[pair * 2 + 1] === 0) second++
  }
  if (second >= pairs * ZEROS_AT_LEAST && first <= pairs * ZEROS_AT_MOST) return 'utf-16le'
  if (first >= pairs * ZEROS_AT_LEAST && second <= pairs * ZEROS_AT_MOST) return 'utf-16be'
  return undefined
}

/** Says of bytes that come in pieces whether all of them are UTF-8, strictly. */
export class Utf8Check {
  #isValid = true
  #rest: Uint8Array = new Uint8Array()

  push(chunk: Uint8Array): void {
    if (!this.#isValid) return
    const bytes = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk])
    const whole = bytes.length - unfinished(bytes)
    this.#isValid = isUtf8(bytes.subarray(0, whole))
    this.#rest = Uint8Array.from(bytes.subarray(whole))
  }

  /** What is said when nothing more comes. */
  end(): boolean {
    return this.#isValid && this.#rest.length === 0
  }
}

/** How many bytes at the end belong to a character that goes on. */
function unfinished(bytes: Uint8Array): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes[bytes.length - back] ?? 0
    if (byte < 0x80) return 0
    if (byte >= 0xc0) return (byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2) > back ? back : 0
  }
  return 0
}
