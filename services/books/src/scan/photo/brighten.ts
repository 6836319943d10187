import type { Picture } from './picture.js'

/** Of all values, so many may be lost at either end. */
const LOST = 0.005
/** A photo that uses so much of the range is bright enough. */
const ENOUGH = 215
/** Every so many values are looked at: they tell as much as all. */
const STRIDE = 31

/** Stretches the values of a dim photo over the whole range: edges and letters are told by how far colours are apart. Changes the picture. */
export function brighten(picture: Picture): Picture {
  const { rgb } = picture
  const counts = new Uint32Array(256)
  for (let at = 0; at < rgb.length; at += STRIDE) {
    const value = rgb[at] ?? 0
    counts[value] = (counts[value] ?? 0) + 1
  }
  const least = quantile(counts, LOST)
  const most = quantile(counts, 1 - LOST)
  if (most - least >= ENOUGH || most <= least) return picture
  const stretched = Uint8ClampedArray.from(counts, (_, value) => ((value - least) * 255) / (most - least))
  for (let at = 0; at < rgb.length; at++) rgb[at] = stretched[rgb[at] ?? 0] ?? 0
  return picture
}

/** The value below which that share of all values lies. */
function quantile(counts: Uint32Array, share: number): number {
  let left = share * counts.reduce((sum, count) => sum + count, 0)
  return counts.findIndex((count) => (left -= count) <= 0)
}
