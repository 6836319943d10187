import { createReadStream, createWriteStream, rmSync } from 'node:fs'
import { once } from 'node:events'
import { ingest } from '@headway/books/catalog'
import { parse } from 'csv-parse'
import { writeGoodreadsFile } from './goodreads-file.mjs'

/**
 * Makes a catalog that has the books of `writeGoodreadsFile`, taken in from a dump in the form of Open Library. The same for the same number.
 *
 * @param {string} path of the catalog, which must not be there
 * @param {number} editions beside those that ship
 * @returns what became of the dump, and how long that took
 */
export async function makeCatalog(path, editions) {
  const [library, dump] = [`${path}.csv`, `${path}.txt`]
  try {
    writeGoodreadsFile(library, editions)
    await writeDump(library, dump)
    const started = performance.now()
    const steps = ingest({ catalog: path, file: dump, format: 'openlibrary' })
    let step = await steps.next()
    while (step.done !== true) step = await steps.next()
    return { report: step.value, milliseconds: performance.now() - started }
  } finally {
    for (const file of [library, dump]) rmSync(file, { force: true })
  }
}

async function writeDump(library, dump) {
  const out = createWriteStream(dump)
  const authors = new Map()
  let number = 0
  for await (const row of createReadStream(library).pipe(parse({ columns: true, relax_quotes: true }))) {
    const author = keyOf(authors, row['Author'])
    const isbn = row['ISBN13'].replaceAll(/\D/g, '')
    const key = `/books/OL${number}M`
    number += 1
    const members = {
      key,
      title: row['Title'].replace(/ \(.*\)$/, ''),
      authors: [{ key: author }],
      publishers: [row['Publisher']],
      publish_date: row['Year Published'],
      number_of_pages: Number(row['Number of Pages']),
      languages: [{ key: '/languages/eng' }],
      subjects: ['Fiction', 'Generated'],
      ...(isbn !== '' && { isbn_13: [isbn] }),
    }
    if (!out.write(lineOf('edition', key, members))) await once(out, 'drain')
  }
  // After the editions, as whoever loads the dumps may have it.
  for (const [name, key] of authors) out.write(lineOf('author', key, { key, name }))
  out.end()
  await once(out, 'finish')
}

function keyOf(authors, name) {
  if (!authors.has(name)) authors.set(name, `/authors/OL${authors.size}A`)
  return authors.get(name)
}

function lineOf(type, key, members) {
  return `${[`/type/${type}`, key, 1, '2020-01-01T00:00:00.000000', JSON.stringify(members)].join('\t')}\n`
}
