import { readFile } from 'node:fs/promises'
import { importResultsSchema, importSummary } from '../books/import-results.js'
import { scanResultsSchema, scanSummary } from '../books/scan-results.js'
import type { Colors } from '../text/colors.js'
import type { DemoServer } from './demo-server.js'
import { expectThat } from './expect.js'

const LIBRARY = new URL('../../data/demo/library.csv', import.meta.url)
/** Drawn, with eight books of the catalog that ships. */
const SHELF = new URL('../../data/demo/shelf.jpg', import.meta.url)
const SPINES = 8

/** Imports a small library with good, bad and double rows. @returns what became of them, for people */
export async function importLibrary(server: DemoServer, colors: Colors): Promise<string> {
  const { id, status } = await server.upload('imports', 'file', new File([await readFile(LIBRARY)], 'library.csv'))
  expectThat(status === 'completed', 'the library is imported')
  const { data } = await server.get(`v3/jobs/imports/${id}/results`, importResultsSchema)
  const { rows, imported, duplicates, failed, blank } = data.counts
  expectThat(rows === imported + duplicates + failed + blank, 'every row is accounted for')
  expectThat(imported === 7 && duplicates === 2 && failed === 1, 'good rows are kept, double ones are found, and bad ones are told')
  return importSummary(data, colors)
}

/** Reads the books off a photo of a shelf. @returns them as a table */
export async function scanShelf(server: DemoServer, colors: Colors): Promise<string> {
  const { id, status } = await server.upload('scans', 'photos[]', new File([await readFile(SHELF)], 'shelf.jpg'))
  expectThat(status === 'completed', 'the photo is read')
  const { data } = await server.get(`v3/jobs/scans/${id}/results`, scanResultsSchema)
  expectThat(data.results.filter(({ title }) => title !== null).length === SPINES, `all ${SPINES} books on the shelf are found`)
  return scanSummary(data, ['shelf.jpg'], colors)
}
