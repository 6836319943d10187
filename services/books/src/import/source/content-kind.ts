/** What a file is, by its first bytes, where that is no CSV. */
const KINDS: readonly (readonly [kind: string, starts: string, at?: number])[] = [
  ['a PDF', '%PDF-'],
  ['an image (PNG)', '\x89PNG'],
  ['an image (JPEG)', '\xff\xd8\xff'],
  ['an image (GIF)', 'GIF8'],
  ['an image (WebP)', 'WEBP', 8],
  ['an image or a video (HEIC, MP4)', 'ftyp', 4],
  ['an image (TIFF)', 'II*\0'],
  ['an image (TIFF)', 'MM\0*'],
  ['a workbook or an archive (XLSX, ODS, ZIP)', 'PK\x03\x04'],
  ['an empty archive (ZIP)', 'PK\x05\x06'],
  ['an old workbook (XLS)', '\xd0\xcf\x11\xe0'],
  ['a compressed file (gzip)', '\x1f\x8b'],
  ['a compressed file (Zstandard)', '\x28\xb5\x2f\xfd'],
  ['a compressed file (7z)', '7z\xbc\xaf'],
  ['an archive (RAR)', 'Rar!'],
  ['a database (SQLite)', 'SQLite format 3'],
  ['a program', '\x7fELF'],
  ['a text document (RTF)', '{\\rtf'],
]
/** Of text that is no UTF-16, at most so many of the bytes are zero or other control characters. */
const CONTROLS_AT_MOST = 0.1

/** So many bytes tell what a file is. */
export const HEAD_BYTES = 64

/** What a file is by the mark that it begins with; undefined where it has none. */
export function markedKind(head: Buffer): string | undefined {
  const start = head.subarray(0, HEAD_BYTES).toString('latin1')
  return KINDS.find(([, text, at = 0]) => start.startsWith(text, at))?.[0]
}

/** Says what the beginning of a file is, when it is no text in columns. Looks at the content only, never at a name. */
export function foreignKind(head: Buffer): string | undefined {
  const marked = markedKind(head)
  if (marked !== undefined) return marked
  const text = head
    .subarray(0, HEAD_BYTES)
    .toString('latin1')
    .replace(/^\xef\xbb\xbf/, '')
    .trimStart()
    .toLowerCase()
  if (/^<(?:!doctype|html|\?xml|svg)/.test(text)) return 'a web page or XML'
  if (/^[[{]\s*["{[]/.test(text)) return 'JSON'
  return undefined
}

/** Whether bytes that are no UTF-16 hold so many control characters that they are no text. */
export function isBinary(head: Buffer): boolean {
  let controls = 0
  for (let at = 0; at < head.length; at++) {
    const byte = head[at] as number
    if (byte < 32 && (byte < 9 || (byte > 13 && byte !== 27))) controls++
  }
  return controls > head.length * CONTROLS_AT_MOST
}
