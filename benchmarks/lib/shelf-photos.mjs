import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { CACHE, fillFolder, run } from '../../scripts/lib/cache-folder.mjs'

const DRAW = fileURLToPath(new URL('../../scripts/draw-shelves.mjs', import.meta.url))
/** Part of the cache's name: raise it when the script draws other photos. */
const LAYOUT = 1
const KINDS = ['plain', 'crowded', 'rotated', 'dim', 'perspective', 'two-shelves', 'stacked', 'turned']

/**
 * Photos of shelves with 24 to 50 books each, drawn where they are not there yet.
 *
 * @returns {{ name: string, path: string, truth: { spines: { title: string, known: boolean, box: object }[] } }[]}
 */
export function shelfPhotos() {
  const folder = join(CACHE, `shelves-${LAYOUT}`)
  if (!existsSync(folder)) {
    fillFolder(folder, (temporary) =>
      run('Drawing shelves', process.execPath, [DRAW, temporary, '--seed', '300', ...KINDS.flatMap((kind) => ['--kind', kind])]),
    )
  }
  return readdirSync(folder)
    .filter((file) => file.endsWith('.jpg'))
    .map((file) => {
      const truth = JSON.parse(readFileSync(join(folder, file.replace('.jpg', '.json')), 'utf8'))
      return { name: `${truth.kind}, ${truth.spines.length} books`, path: join(folder, basename(file)), truth }
    })
}

/**
 * Compares what a scan found with what is on the photo.
 *
 * @returns {{ found: number, wrong: number }} percent of the titles that the catalog has; titles that are not there where they were found
 */
export function judgeScan(results, { spines }) {
  const known = spines.filter((spine) => spine.known)
  const left = new Set(known)
  let wrong = 0
  for (const { title, boundingBox } of results.filter((result) => result.title !== null)) {
    const spine = [...left].find((other) => other.title === title && isWithin(boundingBox, other.box))
    if (spine === undefined) wrong++
    else left.delete(spine)
  }
  return { found: (100 * (known.length - left.size)) / known.length, wrong }
}

/** Whether the middle of a box lies in another. */
function isWithin({ x, y, width, height }, box) {
  const [middleX, middleY] = [x + width / 2, y + height / 2]
  return middleX >= box.x && middleX <= box.x + box.width && middleY >= box.y && middleY <= box.y + box.height
}
