// Makes a catalog for benchmarks, of books that nobody wrote: node scripts/generate-catalog.mjs FILE [EDITIONS]
import { existsSync } from 'node:fs'
import { makeCatalog } from '../benchmarks/lib/catalog-file.mjs'

const DEFAULT_EDITIONS = 27_000

const [path, editions = String(DEFAULT_EDITIONS)] = process.argv.slice(2)
if (path === undefined || !/^[1-9]\d*$/.test(editions)) {
  process.stderr.write('Usage: node scripts/generate-catalog.mjs FILE [EDITIONS]\n')
  process.exit(2)
}
if (existsSync(path)) {
  process.stderr.write(`${path} is there already.\n`)
  process.exit(1)
}
const { report, milliseconds } = await makeCatalog(path, Number(editions))
process.stdout.write(`${path}: ${report.added} editions added from ${report.records} records in ${Math.round(milliseconds)} ms\n`)
