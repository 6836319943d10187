import sharp from 'sharp'
import { DETECTION_SIDE, MAX_LINES } from '../limits.js'
import type { Picture } from '../photo/picture.js'
import { componentsOf } from './components.js'
import type { LineBox } from './line-box.js'
import { minAreaRectangle } from './min-area-rectangle.js'
import type { Run } from './models.js'

/** The model's cells above this are text (PP-OCR: `det_db_thresh`). */
const CELL_THRESHOLD = 0.3
/** A line's cells must be text on average with at least this (PP-OCR: `det_db_box_thresh`). */
const LINE_THRESHOLD = 0.5
/** The model marks the core of a line only; its box is larger by area / perimeter times this (PP-OCR: `det_db_unclip_ratio`). */
const UNCLIP = 1.7
/** Cells: less is dust. */
const SMALLEST_CELLS = 24
const SMALLEST_SIDE = 3

/** Blue, green and red, as the model was trained: `from` is the colour's place in a pixel. Mean and deviation are ImageNet's. */
const PLANES = [
  { from: 2, mean: 0.485, deviation: 0.229 },
  { from: 1, mean: 0.456, deviation: 0.224 },
  { from: 0, mean: 0.406, deviation: 0.225 },
] as const

/** Finds the lines of text in a picture, whatever way they run; those that are surest first. */
export async function detectLines(picture: Picture, detect: Run): Promise<LineBox[]> {
  const small = await shrink(picture)
  const { data } = await detect(tensorOf(small), [1, 3, small.height, small.width])
  const [scaleX, scaleY] = [picture.width / small.width, picture.height / small.height]
  const lines: LineBox[] = []
  for (const { size, mean, outline } of componentsOf(data, small.width, small.height, CELL_THRESHOLD)) {
    if (size < SMALLEST_CELLS || mean < LINE_THRESHOLD) continue
    const core = minAreaRectangle(outline.map(({ x, y }) => ({ x: x * scaleX, y: y * scaleY })))
    if (core.thickness < SMALLEST_SIDE * scaleX) continue
    const grow = (core.length * core.thickness * UNCLIP) / (core.length + core.thickness)
    lines.push({ ...core, length: core.length + grow, thickness: core.thickness + grow, score: mean })
  }
  return lines.toSorted((a, b) => b.length * b.thickness - a.length * a.thickness).slice(0, MAX_LINES)
}

/** To the size that the model looks at: sides are multiples of 32. */
async function shrink({ rgb, width, height }: Picture): Promise<Picture> {
  const scale = Math.min(1, DETECTION_SIDE / Math.max(width, height))
  const side = (length: number): number => Math.max(32, Math.round((length * scale) / 32) * 32)
  const { data, info } = await sharp(rgb, { raw: { width, height, channels: 3 } })
    .resize(side(width), side(height), { fit: 'fill', kernel: 'linear' })
    .raw()
    .toBuffer({ resolveWithObject: true })
  return { rgb: data, width: info.width, height: info.height }
}

function tensorOf({ rgb, width, height }: Picture): Float32Array {
  const cells = width * height
  const tensor = new Float32Array(3 * cells)
  for (const [plane, { from, mean, deviation }] of PLANES.entries()) {
    const scale = 1 / (255 * deviation)
    const shift = mean / deviation
    for (let at = from, to = plane * cells; at < rgb.length; at += 3, to++) tensor[to] = (rgb[at] ?? 0) * scale - shift
  }
  return tensor
}
