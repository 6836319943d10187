import type { Picture } from '../photo/picture.js'
import type { Line, UnreadLine } from '../spines/line.js'
import { isSquare } from '../spines/relation.js'
import type { Point } from '../types.js'
import type { LineBox } from './line-box.js'
import type { OcrModels } from './models.js'
import { readStrip } from './read-strip.js'
import type { Reading } from './read-strip.js'
import { sampleLine } from './sample-line.js'

/** A reading this sure is the right way up. Upside down, hardly any line is read with more than 0.6. */
const SURE = 0.8
/** Letters keep their meaning in somewhat narrower strips, which cost less. */
const SQUEEZE = 0.82
/** A line that makes no sense either way is none. */
const LEAST = 0.5

interface Read {
  readonly reading: Reading
  /** The line's, or for a square one with its sides exchanged. */
  readonly box: LineBox
  readonly isTurned: boolean
  readonly direction: Point
}

/**
 * Reads the lines of one group. The longest goes first, either way up where it is not sure; the others begin with the way that was right for it,
 * since all of a spine is printed one way.
 */
export async function readGroup(picture: Picture, group: readonly UnreadLine[], models: OcrModels, onLine: () => void): Promise<Line[]> {
  const lines: Line[] = []
  let turned = false
  for (const line of group.toSorted((a, b) => b.box.length - a.box.length)) {
    const { reading, isTurned, box, direction } = await readLine(picture, line.box, models, turned)
    onLine()
    if (reading.confidence < LEAST || reading.text === '') continue
    if (lines.length === 0) turned = isTurned
    lines.push({ background: line.background, box, direction, ...reading })
  }
  return lines
}

async function readLine(picture: Picture, box: LineBox, models: OcrModels, turned: boolean): Promise<Read> {
  const across = { ...box, axis: { x: -box.axis.y, y: box.axis.x }, length: box.thickness, thickness: box.length }
  const ways = (isSquare(box) ? [box, across] : [box]).flatMap((way) => [
    { box: way, isTurned: turned },
    { box: way, isTurned: !turned },
  ])
  let best: Read = { reading: { text: '', confidence: 0 }, box, isTurned: turned, direction: directionOf(box, turned) }
  for (const way of ways) {
    const direction = directionOf(way.box, way.isTurned)
    const reading = await readStrip(sampleLine(picture, { ...way.box, axis: direction }, SQUEEZE), models.recognise, models.keys)
    if (reading.confidence > best.reading.confidence) best = { reading, direction, ...way }
    if (reading.confidence >= SURE) break
  }
  return best
}

/** Most text runs to the right or, on spines, downwards; `turned` is the opposite. */
function directionOf({ axis }: LineBox, turned: boolean): Point {
  const isUpright = Math.abs(axis.y) > Math.abs(axis.x)
  const isUsual = isUpright ? axis.y > 0 : axis.x > 0
  return isUsual === turned ? { x: -axis.x, y: -axis.y } : axis
}
