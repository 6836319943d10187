// Draws photos of shelves with books of the shipped catalog: node scripts/draw-shelves.mjs FOLDER [--kind NAME]... [--seed N] [--quality N]
// Beside each photo stands what is on it, as JSON.
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { drawShelves } from './lib/shelves/draw.mjs'
import { KINDS } from './lib/shelves/kinds.mjs'
import { starterBooks, STRANGERS } from './lib/shelves/starter-books.mjs'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    kind: { type: 'string', multiple: true, default: Object.keys(KINDS) },
    seed: { type: 'string', default: '1' },
    quality: { type: 'string' },
  },
})
const [folder] = positionals
if (folder === undefined) throw new Error('Say which folder the photos go to.')
for (const kind of values.kind)
  if (!(kind in KINDS)) throw new Error(`There is no kind "${kind}". There are: ${Object.keys(KINDS).join(', ')}.`)

const quality = values.quality === undefined ? {} : { quality: Number(values.quality) }
const photos = values.kind.map((kind, index) => ({
  kind,
  seed: Number(values.seed) + index,
  strangers: STRANGERS.slice(0, kind.startsWith('few') ? 1 : 3),
  ...quality,
}))
mkdirSync(folder, { recursive: true })
for (const { jpeg, truth } of await drawShelves(starterBooks(), photos)) {
  const name = join(folder, `${truth.kind}-${truth.seed}`)
  writeFileSync(`${name}.jpg`, jpeg)
  writeFileSync(`${name}.json`, `${JSON.stringify(truth, undefined, 2)}\n`)
  console.log(`${name}.jpg ${truth.spines.length} books, ${jpeg.length} bytes`)
}
