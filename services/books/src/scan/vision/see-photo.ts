import sharp from 'sharp'
import type { Catalog } from '../../catalog/catalog.js'
import type { Photo } from '../photo/picture.js'
import type { ScanResult } from '../types.js'
import type { SeenBook, VisionProvider } from './vision-provider.js'

/** The longer side of the picture that is sent, in pixels. */
const SIDE = 2048
const QUALITY = 85
/** A book of the catalog must fit so well for its ISBN to be told. */
const SAME_BOOK = 0.9

/** Has a photo read by somebody else. The same result as reading it here; ISBNs come from the catalog, since nobody sees them on a spine. */
export async function seePhoto(
  index: number,
  photo: Photo,
  provider: VisionProvider,
  catalog: Pick<Catalog, 'match'>,
  signal: AbortSignal,
): Promise<ScanResult[]> {
  const { rgb, width, height } = photo.picture
  const jpeg = await sharp(rgb, { raw: { width, height, channels: 3 } })
    .resize({ width: SIDE, height: SIDE, fit: 'inside', withoutEnlargement: true })
    .jpeg({ quality: QUALITY })
    .toBuffer()
  return (await provider.seeBooks(jpeg, signal)).map((book) => resultOf(index, photo, book, catalog))
}

function resultOf(
  index: number,
  { width, height }: Photo,
  { text, title, authors, confidence, box }: SeenBook,
  catalog: Pick<Catalog, 'match'>,
): ScanResult {
  const [best] = title === null ? [] : catalog.match({ title, author: authors[0] }, 1)
  const isbn = best !== undefined && best.confidence >= SAME_BOOK && best.book.isbn !== '' ? best.book.isbn : null
  const [x, y] = [(Math.min(box.left, box.right) * width) / 1000, (Math.min(box.top, box.bottom) * height) / 1000]
  const [right, bottom] = [(Math.max(box.left, box.right) * width) / 1000, (Math.max(box.top, box.bottom) * height) / 1000]
  return {
    photo: index,
    title,
    authors,
    isbn,
    text,
    confidence: title === null ? 0 : confidence,
    boundingBox: { x: Math.round(x), y: Math.round(y), width: Math.round(right - x), height: Math.round(bottom - y) },
  }
}
