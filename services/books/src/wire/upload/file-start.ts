import { HeadwayError } from '@headway/core'

/** How files begin that people take for their CSV export, and what they are. */
const OTHER_FILES: readonly (readonly [start: readonly number[], name: string])[] = [
  [[0x25, 0x50, 0x44, 0x46], 'a PDF'],
  [[0x50, 0x4b, 0x03, 0x04], 'an Excel workbook or a ZIP archive'],
  [[0xd0, 0xcf, 0x11, 0xe0], 'an old Excel workbook'],
  [[0x1f, 0x8b], 'a gzip archive'],
  [[0x89, 0x50, 0x4e, 0x47], 'a PNG picture'],
  [[0xff, 0xd8, 0xff], 'a JPEG picture'],
  [[0x47, 0x49, 0x46, 0x38], 'a GIF picture'],
]

/** Hands a file on as it comes, and refuses it at its first bytes when it is no text. @throws HeadwayError VALIDATION_ERROR */
export async function* assertLooksLikeText(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let first = true
  for await (const chunk of bytes) {
    if (first) {
      const found = OTHER_FILES.find(([start]) => start.every((byte, index) => chunk[index] === byte))
      if (found) throw new HeadwayError('VALIDATION_ERROR', `This file is ${found[1]}; export your library as CSV and send that.`)
    }
    first = false
    yield chunk
  }
}
