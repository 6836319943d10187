import type { LineBox } from '../ocr/line-box.js'
import type { Picture } from '../photo/picture.js'
import type { Point } from '../types.js'
import type { Colour } from './line.js'

/** Where the edge of a box lies, as a share of its thickness: detection leaves a margin around the letters. */
const EDGE = 0.45
const SAMPLES = 40

/** The colour that a line stands on: the median along both edges of its box. */
export function backgroundOf(picture: Picture, { centre, axis, length, thickness }: LineBox): Colour {
  const colours: Colour[] = []
  for (let sample = 0; sample < SAMPLES; sample++) {
    const along = ((Math.floor(sample / 2) + 0.5) / (SAMPLES / 2) - 0.5) * length
    const across = (sample % 2 === 0 ? EDGE : -EDGE) * thickness
    colours.push(colourAt(picture, { x: centre.x + along * axis.x - across * axis.y, y: centre.y + along * axis.y + across * axis.x }))
  }
  const median = (channel: 0 | 1 | 2): number => colours.map((colour) => colour[channel]).toSorted((a, b) => a - b)[SAMPLES / 2] ?? 0
  return [median(0), median(1), median(2)]
}

/** The colour of a pixel, of the nearest one for a point outside. */
export function colourAt({ rgb, width, height }: Picture, { x, y }: Point): Colour {
  const column = Math.min(width - 1, Math.max(0, Math.floor(x)))
  const row = Math.min(height - 1, Math.max(0, Math.floor(y)))
  const at = (row * width + column) * 3
  return [rgb[at] ?? 0, rgb[at + 1] ?? 0, rgb[at + 2] ?? 0]
}

/** How far two colours are apart: 0 to 441. */
export function colourDistance(a: Colour, b: Colour): number {
  return Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2])
}
