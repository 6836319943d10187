import { addCounts, inspectLibrary, NO_COUNTS, readLibrary } from '@headway/books/import'

// Looks at a library and reads all of its rows: node read-library.mjs FILE ROWS.

const [, , path, rows] = process.argv
const library = await inspectLibrary(path, { maxRows: Number(rows) })
let counts = NO_COUNTS
for await (const outcomes of readLibrary(path, library)) counts = addCounts(counts, outcomes)
if (counts.imported !== Number(rows)) throw new Error(`Of ${rows} rows only these were imported: ${JSON.stringify(counts)}`)
