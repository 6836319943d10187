import type { LineBox } from '../ocr/line-box.js'
import type { Point } from '../types.js'

export type Colour = readonly [red: number, green: number, blue: number]

/** A line of text on a photo that nobody has read yet. */
export interface UnreadLine {
  readonly box: LineBox
  /** What it stands on. */
  readonly background: Colour
}

/** One line of text on a photo, read. */
export interface Line extends UnreadLine {
  /** Unit vector in which its text runs: the box's axis or its opposite. */
  readonly direction: Point
  readonly text: string
  /** 0 to 1: of the reading. */
  readonly confidence: number
}

/** Where a box begins and ends along an axis and across it. */
export interface Extent {
  readonly along: readonly [number, number]
  readonly across: readonly [number, number]
}

/** The extent of points along an axis. Across grows to the right hand of whoever looks along it, with y pointing down. */
export function extentOf(points: readonly Point[], axis: Point): Extent {
  const along = points.map(({ x, y }) => x * axis.x + y * axis.y)
  const across = points.map(({ x, y }) => y * axis.x - x * axis.y)
  return { along: [Math.min(...along), Math.max(...along)], across: [Math.min(...across), Math.max(...across)] }
}

/** The share of the shorter one of two stretches that both cover: 0 to 1; where they lie apart, 0 or less. */
export function overlap(a: readonly [number, number], b: readonly [number, number]): number {
  const shorter = Math.min(a[1] - a[0], b[1] - b[0])
  return (Math.min(a[1], b[1]) - Math.max(a[0], b[0])) / Math.max(shorter, 1)
}
