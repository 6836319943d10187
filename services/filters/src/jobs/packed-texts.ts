import { z } from 'zod'

/** Texts of more than so many characters together are a blob of their job, not a part of its input. */
export const MAX_INLINE_CONTENT = 32 * 1024

/** The most bytes that the index of packed texts may have. */
const MAX_INDEX_BYTES = 4 * 1024 * 1024

/** Where each text lies behind the index, in bytes. */
const indexSchema = z.array(z.object({ source: z.string(), start: z.int().nonnegative(), end: z.int().nonnegative() }))
export type PackedIndex = z.infer<typeof indexSchema>

/** Whether these texts are too large for an input. */
export function isLargeContent(texts: Readonly<Record<string, string>>): boolean {
  let size = 0
  for (const [source, text] of Object.entries(texts)) size += source.length + text.length
  return size > MAX_INLINE_CONTENT
}

/** Texts as bytes from which each can be read alone: the length of the index (4 bytes, big endian), the index as JSON, the texts in UTF-8. */
export function packTexts(texts: Readonly<Record<string, string>>): Uint8Array<ArrayBuffer> {
  const encoder = new TextEncoder()
  const parts: Uint8Array[] = []
  const index: PackedIndex = []
  let end = 0
  for (const [source, text] of Object.entries(texts)) {
    const bytes = encoder.encode(text)
    index.push({ source, start: end, end: end + bytes.length })
    end += bytes.length
    parts.push(bytes)
  }
  const head = encoder.encode(JSON.stringify(index))
  const packed = new Uint8Array(4 + head.length + end)
  new DataView(packed.buffer).setUint32(0, head.length)
  packed.set(head, 4)
  let at = 4 + head.length
  for (const part of parts) {
    packed.set(part, at)
    at += part.length
  }
  return packed
}

/** Reads bytes from `start` up to, and without, `end`. */
export type ReadRange = (start: number, end: number) => Promise<Uint8Array>

/** The index of packed texts, its places counted from the beginning of the bytes. @throws Error when the bytes are none that `packTexts` made */
export async function readPackedIndex(size: number, read: ReadRange): Promise<PackedIndex> {
  if (size < 4) throw new Error('Packed texts are damaged.')
  const head = await read(0, 4)
  const length = new DataView(head.buffer, head.byteOffset, 4).getUint32(0)
  if (length > MAX_INDEX_BYTES || 4 + length > size) throw new Error('Packed texts are damaged.')
  const index = indexSchema.parse(JSON.parse(new TextDecoder().decode(await read(4, 4 + length))))
  const offset = 4 + length
  return index.map(({ source, start, end }) => ({ source, start: start + offset, end: end + offset }))
}
