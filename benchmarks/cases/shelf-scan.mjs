import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { openCatalog } from '@headway/books/catalog'
import { measureUsage } from '../lib/measure-usage.mjs'
import { judgeScan, shelfPhotos } from '../lib/shelf-photos.mjs'
import { temporaryFolder } from '../lib/temporary-folder.mjs'

const MOST_SECONDS = 9
const MOST_MEMORY = 600
const LEAST_FOUND = 90

export const title = 'Reading shelves'
export const about =
  'Whole processes, start-up and loading of the models included, that each read one photo of 3,200 by 2,400 pixels with 24 to 50 books, drawn with Chromium: in daylight, dim, askew, in perspective, on two shelves, in piles. All but three of the books are in the catalog that ships. A title is wrong when no book with this title stands where it was found.'
/** The same photo gives the same result. */
export const maxRuns = 3

const program = fileURLToPath(new URL('../programs/scan-shelf.mjs', import.meta.url))

let names = []

export function contenders() {
  const folder = temporaryFolder()
  const catalog = join(folder, 'catalog.sqlite')
  openCatalog(catalog).close()
  const photos = shelfPhotos()
  names = photos.map(({ name }) => name)
  return Object.fromEntries(
    photos.map(({ name, path, truth }) => [
      name,
      async () => {
        const output = join(folder, 'results.json')
        const usage = await measureUsage([program, path, catalog, output])
        return { ...usage, ...judgeScan(JSON.parse(readFileSync(output, 'utf8')), truth) }
      },
    ]),
  )
}

export const columns = [
  { key: 'processor', label: 'processor time (s)', digits: 2 },
  { key: 'seconds', label: 'wall time (s)', digits: 2 },
  { key: 'memory', label: 'peak memory, MiB' },
  { key: 'found', label: 'titles found, %', digits: 1 },
  { key: 'wrong', label: 'wrong titles' },
]

export function targets({ median, least, most }) {
  const worst = (of, key) => Math.max(...names.map((name) => of(key, name)))
  return [
    { text: 'any photo: processor time', unit: 's', measured: worst(median, 'processor'), atMost: MOST_SECONDS },
    { text: 'any photo: peak memory', unit: 'MiB', measured: worst(most, 'memory'), atMost: MOST_MEMORY },
    { text: 'any photo: titles found', unit: '%', measured: Math.min(...names.map((name) => least('found', name))), atLeast: LEAST_FOUND },
    { text: 'all photos: wrong titles', unit: '', measured: names.reduce((sum, name) => sum + most('wrong', name), 0), atMost: 0 },
  ]
}
