import { findSpines } from './match/find-spines.js'
import type { LineMatcher, Spine } from './match/match-lines.js'
import { cornersOf } from './ocr/line-box.js'
import { detectLines } from './ocr/detect-lines.js'
import type { OcrModels } from './ocr/models.js'
import { readGroup } from './ocr/read-group.js'
import type { Photo } from './photo/picture.js'
import { backgroundOf } from './spines/background.js'
import { clusterLines } from './spines/cluster-lines.js'
import { extentOf } from './spines/line.js'
import type { Line } from './spines/line.js'
import { directionOf } from './spines/reading-order.js'
import type { Point, ScanResult } from './types.js'

/** What is told while a photo is read. */
export interface Progress {
  readonly onDetected: (lines: number) => void
  readonly onRead: (done: number, total: number) => void
}

/** Reads one photo: finds its lines once, groups them by paper, reads each, and looks the groups up. Spines come in the order of a reader: shelf by shelf. */
export async function readPhoto(
  index: number,
  photo: Photo,
  models: OcrModels,
  matcher: LineMatcher,
  { onDetected, onRead }: Progress,
): Promise<ScanResult[]> {
  const { picture } = photo
  const boxes = await detectLines(picture, models.detect)
  onDetected(boxes.length)
  const groups = clusterLines(
    picture,
    boxes.map((box) => ({ box, background: backgroundOf(picture, box) })),
  )
  const read: Line[][] = []
  let done = 0
  for (const group of groups) read.push(await readGroup(picture, group, models, () => onRead(++done, boxes.length)))
  const spines = findSpines(
    read.filter((lines) => lines.length > 0),
    matcher,
  )
  return inOrder(spines.map((spine) => resultOf(index, photo, spine)))
}

function resultOf(index: number, { scale, width, height }: Photo, { lines, book, confidence }: Spine): ScanResult {
  const direction = directionOf(lines) ?? { x: 1, y: 0 }
  const { along, across } = extentOf(
    lines.flatMap(({ box }) => cornersOf(box)),
    direction,
  )
  const corner = (a: number, b: number): Point => ({
    x: clamp((a * direction.x - b * direction.y) * scale, width),
    y: clamp((a * direction.y + b * direction.x) * scale, height),
  })
  const polygon = [corner(along[0], across[0]), corner(along[1], across[0]), corner(along[1], across[1]), corner(along[0], across[1])]
  const [xs, ys] = [polygon.map(({ x }) => x), polygon.map(({ y }) => y)]
  const [x, y] = [Math.min(...xs), Math.min(...ys)]
  return {
    photo: index,
    title: book?.title ?? null,
    authors: book?.authors ?? [],
    isbn: book === undefined || book.isbn === '' ? null : book.isbn,
    text: lines.map(({ text }) => text).join(' '),
    confidence: Math.round(confidence * 1000) / 1000,
    boundingBox: { x, y, width: Math.max(...xs) - x, height: Math.max(...ys) - y },
    polygon,
  }
}

function clamp(value: number, most: number): number {
  return Math.round(Math.min(most, Math.max(0, value)))
}

/** Shelf by shelf from above, on each from the left. A shelf is what overlaps in height with the topmost spine that is left. */
function inOrder(results: readonly ScanResult[]): ScanResult[] {
  const left = results.toSorted((a, b) => a.boundingBox.y - b.boundingBox.y)
  const ordered: ScanResult[] = []
  while (left.length > 0) {
    const tallest = left.reduce((best, result) => (result.boundingBox.height > best.boundingBox.height ? result : best))
    const { y, height } = tallest.boundingBox
    const shelf = left.filter(({ boundingBox: box }) => box.y + box.height / 2 >= y && box.y + box.height / 2 <= y + height)
    ordered.push(...shelf.toSorted((a, b) => a.boundingBox.x - b.boundingBox.x || a.boundingBox.y - b.boundingBox.y))
    for (const result of shelf) left.splice(left.indexOf(result), 1)
  }
  return ordered
}
