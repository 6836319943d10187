/** The photo's size in pixels: a phone's, turned to landscape and scaled a little. */
export const PHOTO = { width: 3200, height: 2400 }

/**
 * Kinds of photos. `rows`: shelves above each other; `piles`: books that lie; `turn`: degrees that the photo is askew; `light`: 1 is daylight;
 * `lean`: degrees that the camera stands aside; `exif`: the orientation that is written beside pixels that lie
 * accordingly; `scale`: of the file, for small ones.
 */
export const KINDS = {
  plain: { books: 30, rows: 1 },
  crowded: { books: 40, rows: 1 },
  rotated: { books: 28, rows: 1, turn: 5 },
  dim: { books: 30, rows: 1, light: 0.3, turn: -1 },
  perspective: { books: 30, rows: 1, lean: 18 },
  'two-shelves': { books: 50, rows: 2 },
  stacked: { books: 24, rows: 1, piles: true },
  turned: { books: 26, rows: 1, exif: 6 },
  few: { books: 8, rows: 1, scale: 0.36 },
  'few-turned': { books: 7, rows: 1, scale: 0.36, exif: 6, turn: 3 },
}

const MARGIN = 60

/**
 * Puts spines on shelves.
 *
 * @param {ReturnType<typeof import('./spines.mjs').spineOf>[]} spines
 * @param {typeof KINDS[keyof typeof KINDS]} kind
 * @returns {{ spine: object, x: number, y: number, width: number, height: number, turn: number }[]}
 */
export function placeSpines(spines, kind, random) {
  const perRow = Math.ceil(spines.length / kind.rows)
  const rowHeight = PHOTO.height / kind.rows
  return Array.from({ length: kind.rows }, (_, row) => spines.slice(row * perRow, (row + 1) * perRow)).flatMap((ofRow, row) => {
    const bottom = (row + 1) * rowHeight - 90
    const tallest = Math.min(rowHeight - 210, 1700)
    return kind.piles ? piles(ofRow, bottom, tallest, random) : standing(ofRow, bottom, tallest, MARGIN, PHOTO.width - MARGIN)
  })
}

function standing(spines, bottom, tallest, left, right) {
  const unit = (right - left) / spines.reduce((sum, { thickness }) => sum + thickness, 0)
  let x = left
  return spines.map((spine) => {
    const width = Math.min(spine.thickness * unit, 190)
    const height = tallest * spine.tall
    const placed = { spine, x, y: bottom - height, width, height, turn: spine.turn }
    x += width + 2
    return placed
  })
}

/** Half of the books stand on the left, the others lie in two piles. */
function piles(spines, bottom, tallest, random) {
  const half = Math.floor(spines.length / 2)
  const placed = standing(spines.slice(0, half), bottom, tallest, MARGIN, PHOTO.width * 0.42)
  const lying = spines.slice(half)
  const perPile = Math.ceil(lying.length / 2)
  return [
    ...placed,
    ...[0, 1].flatMap((pile) => {
      const left = PHOTO.width * (pile === 0 ? 0.44 : 0.73)
      let y = bottom
      return lying.slice(pile * perPile, (pile + 1) * perPile).map((spine) => {
        const height = 90 + 40 * Math.min(spine.thickness, 1.2)
        y -= height + 2
        const width = random.between(680, 820)
        return { spine, x: left + random.between(0, 40), y, width, height, turn: random.chance(0.9) ? -1 : 180 }
      })
    }),
  ]
}
