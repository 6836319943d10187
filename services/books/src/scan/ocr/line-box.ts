import type { Point } from '../types.js'

/** A rectangle around one line of text, in pixels of the picture; it may lie askew. */
export interface LineBox {
  readonly centre: Point
  /** Unit vector along the longer side. */
  readonly axis: Point
  /** Along the axis. */
  readonly length: number
  /** Across it. */
  readonly thickness: number
  /** How sure it is that this is text: 0 to 1. */
  readonly score: number
}

/** The four corners, in order around the box. */
export function cornersOf({ centre, axis, length, thickness }: LineBox): Point[] {
  const [ax, ay] = [(axis.x * length) / 2, (axis.y * length) / 2]
  const [bx, by] = [(-axis.y * thickness) / 2, (axis.x * thickness) / 2]
  return [
    { x: centre.x - ax - bx, y: centre.y - ay - by },
    { x: centre.x + ax - bx, y: centre.y + ay - by },
    { x: centre.x + ax + bx, y: centre.y + ay + by },
    { x: centre.x - ax + bx, y: centre.y - ay + by },
  ]
}
