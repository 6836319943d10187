import type { Point } from '../types.js'

/** A group of touching cells above a threshold. */
export interface Component {
  /** Cells. */
  readonly size: number
  /** Mean of their values. */
  readonly mean: number
  /** Corners of the first and last cell of each row: the hull of all cells is the hull of these. */
  readonly outline: readonly Point[]
}

/**
 * Groups of cells of a map whose values are above a threshold; cells that touch at a corner belong together.
 *
 * @param values row after row
 */
export function componentsOf(values: Float32Array, width: number, height: number, threshold: number): Component[] {
  const seen = new Uint8Array(width * height)
  const queue = new Int32Array(width * height)
  const found: Component[] = []
  for (let start = 0; start < values.length; start++) {
    if (seen[start] === 1 || (values[start] ?? 0) <= threshold) continue
    found.push(fill(start))
  }
  return found

  function fill(start: number): Component {
    const rows = new Map<number, [first: number, last: number]>()
    let [head, tail, sum] = [0, 0, 0]
    queue[tail++] = start
    seen[start] = 1
    while (head < tail) {
      const cell = queue[head++] ?? 0
      const x = cell % width
      const y = (cell - x) / width
      sum += values[cell] ?? 0
      const row = rows.get(y)
      if (row === undefined) rows.set(y, [x, x])
      else if (x < row[0]) row[0] = x
      else if (x > row[1]) row[1] = x
      for (let ny = Math.max(0, y - 1); ny <= Math.min(height - 1, y + 1); ny++) {
        for (let nx = Math.max(0, x - 1); nx <= Math.min(width - 1, x + 1); nx++) {
          const next = ny * width + nx
          if (seen[next] === 1 || (values[next] ?? 0) <= threshold) continue
          seen[next] = 1
          queue[tail++] = next
        }
      }
    }
    const outline: Point[] = []
    for (const [y, [first, last]] of rows) {
      outline.push({ x: first, y }, { x: first, y: y + 1 }, { x: last + 1, y }, { x: last + 1, y: y + 1 })
    }
    return { size: tail, mean: sum / tail, outline }
  }
}
