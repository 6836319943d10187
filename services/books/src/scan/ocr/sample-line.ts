import type { Picture } from '../photo/picture.js'
import type { LineBox } from './line-box.js'

/** Height of the strips that the reading model takes, in pixels. */
export const STRIP_HEIGHT = 48
/** Strips are no narrower and no wider than this, in pixels; longer lines are squeezed. */
const MIN_STRIP_WIDTH = 48
const MAX_STRIP_WIDTH = 1200

/** One line of text, cut out and laid level: planes of blue, green and red from -1 to 1. */
export interface Strip {
  readonly width: number
  readonly data: Float32Array
}

/**
 * Cuts a line out of a picture along its own axis.
 *
 * @param squeeze width for the same height: 1 keeps the letters' shape
 */
export function sampleLine(picture: Picture, { centre, axis, length, thickness }: LineBox, squeeze: number): Strip {
  const ideal = Math.ceil((length / thickness) * STRIP_HEIGHT * squeeze)
  const width = Math.min(MAX_STRIP_WIDTH, Math.max(MIN_STRIP_WIDTH, ideal))
  const cells = width * STRIP_HEIGHT
  const data = new Float32Array(3 * cells)
  const [stepX, stepY] = [length / width, thickness / STRIP_HEIGHT]
  // Where the strip is much smaller than its place in the picture, points between are taken too, else thin strokes get lost.
  const rowBytes = picture.width * 3
  const taps = Math.min(3, Math.max(1, Math.round(Math.max(stepX, stepY) / 1.2)))
  for (let row = 0; row < STRIP_HEIGHT; row++) {
    for (let column = 0; column < width; column++) {
      let [red, green, blue] = [0, 0, 0]
      for (let tap = 0; tap < taps * taps; tap++) {
        const along = (column + ((tap % taps) + 0.5) / taps) * stepX - length / 2
        const across = (row + (Math.floor(tap / taps) + 0.5) / taps) * stepY - thickness / 2
        const x = clamp(centre.x + along * axis.x - across * axis.y - 0.5, picture.width - 1.001)
        const y = clamp(centre.y + along * axis.y + across * axis.x - 0.5, picture.height - 1.001)
        const [left, top] = [Math.floor(x), Math.floor(y)]
        const [fx, fy] = [x - left, y - top]
        const at = (top * picture.width + left) * 3
        const { rgb } = picture
        const mix = (pixel: number): number => {
          const upper = (1 - fx) * (rgb[pixel] ?? 0) + fx * (rgb[pixel + 3] ?? 0)
          const lower = (1 - fx) * (rgb[pixel + rowBytes] ?? 0) + fx * (rgb[pixel + rowBytes + 3] ?? 0)
          return (1 - fy) * upper + fy * lower
        }
        red += mix(at)
        green += mix(at + 1)
        blue += mix(at + 2)
      }
      const scale = 1 / (127.5 * taps * taps)
      const cell = row * width + column
      data[cell] = blue * scale - 1
      data[cells + cell] = green * scale - 1
      data[2 * cells + cell] = red * scale - 1
    }
  }
  return { width, data }
}

function clamp(value: number, most: number): number {
  return value < 0 ? 0 : value > most ? most : value
}
