import type { Point } from '../types.js'

export interface Rectangle {
  readonly centre: Point
  /** Unit vector along the longer side. */
  readonly axis: Point
  readonly length: number
  readonly thickness: number
}

/** The smallest rectangle around points: one of its sides lies on an edge of their convex hull (Freeman and Shapira, 1975). */
export function minAreaRectangle(points: readonly Point[]): Rectangle {
  const hull = convexHull(points)
  let best: Rectangle | undefined
  let bestArea = Infinity
  for (const [index, from] of hull.entries()) {
    const to = hull[(index + 1) % hull.length] ?? from
    const size = Math.hypot(to.x - from.x, to.y - from.y)
    const axis = size === 0 ? { x: 1, y: 0 } : { x: (to.x - from.x) / size, y: (to.y - from.y) / size }
    const rectangle = rectangleAlong(hull, axis)
    const area = rectangle.length * rectangle.thickness
    if (area < bestArea) [best, bestArea] = [rectangle, area]
  }
  return best ?? { centre: { x: 0, y: 0 }, axis: { x: 1, y: 0 }, length: 0, thickness: 0 }
}

/** The rectangle around points whose sides run along and across an axis. */
export function rectangleAlong(points: readonly Point[], axis: Point): Rectangle {
  let [minAlong, maxAlong, minAcross, maxAcross] = [Infinity, -Infinity, Infinity, -Infinity]
  for (const { x, y } of points) {
    const along = x * axis.x + y * axis.y
    const across = y * axis.x - x * axis.y
    minAlong = Math.min(minAlong, along)
    maxAlong = Math.max(maxAlong, along)
    minAcross = Math.min(minAcross, across)
    maxAcross = Math.max(maxAcross, across)
  }
  const [along, across] = [(minAlong + maxAlong) / 2, (minAcross + maxAcross) / 2]
  const centre = { x: along * axis.x - across * axis.y, y: along * axis.y + across * axis.x }
  const [length, thickness] = [maxAlong - minAlong, maxAcross - minAcross]
  if (length >= thickness) return { centre, axis, length, thickness }
  return { centre, axis: { x: -axis.y, y: axis.x }, length: thickness, thickness: length }
}

/** Andrew's monotone chain. */
function convexHull(points: readonly Point[]): Point[] {
  const sorted = points.toSorted((a, b) => a.x - b.x || a.y - b.y)
  if (sorted.length < 3) return sorted
  const half = (ordered: readonly Point[]): Point[] => {
    const chain: Point[] = []
    for (const point of ordered) {
      for (;;) {
        const [before, last] = chain.slice(-2)
        if (before === undefined || last === undefined || turn(before, last, point) > 0) break
        chain.pop()
      }
      chain.push(point)
    }
    chain.pop()
    return chain
  }
  return [...half(sorted), ...half(sorted.toReversed())]
}

function turn(a: Point, b: Point, c: Point): number {
  return (b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x)
}
