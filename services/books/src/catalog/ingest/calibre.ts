import { Readable } from 'node:stream'
import { parse } from 'csv-parse'
import { decode } from 'html-entities'
import { publicationDate } from '../../dates.js'
import { isbn13Of } from '../../isbn.js'
import { languageOf } from '../../languages.js'
import { titleKey } from '../title.js'
import type { FileRecord, Parsed, ReadRecords } from './record.js'
import { malformed, originByText } from './record.js'
import { pagesOf, textOf } from './values.js'

/** Of one record, in characters: comments hold whole reviews. */
const MAX_RECORD = 1024 * 1024
/** Records that are written at a time. */
const BATCH = 1000

/**
 * Reads the catalog that Calibre exports as CSV. Positions are numbers of records: a quoted field may hold anything, so that nobody can begin to
 * read in the middle.
 *
 * @see https://manual.calibre-ebook.com/generated/en/calibredb.html#calibredb-catalog
 */
export const readCalibre: ReadRecords = async function* (chunks, from) {
  const parser = parse({ bom: true, relax_quotes: true, relax_column_count: true, skip_empty_lines: true, max_record_size: MAX_RECORD })
  const source = Readable.from(chunks(0), { objectMode: false })
  source.on('error', (error) => parser.destroy(error))
  let header: ReadonlyMap<string, number> | undefined
  let at = 0
  let batch: FileRecord[] = []
  for await (const fields of source.pipe(parser) as AsyncIterable<readonly string[]>) {
    if (header === undefined) {
      header = new Map(fields.map((name, column) => [name.trim().toLowerCase(), column]))
      continue
    }
    at += 1
    if (at <= from) continue
    const columns = header
    batch.push({ parsed: bookOf((name) => textOf(fields[columns.get(name) ?? -1])), end: at })
    if (batch.length < BATCH) continue
    yield batch
    batch = []
  }
  if (batch.length > 0) yield batch
}

function bookOf(field: (name: string) => string | undefined): Parsed {
  const title = field('title')
  if (title === undefined) return malformed('a book without a title')
  const authors = (field('authors') ?? '').split('&').flatMap((name) => textOf(name) ?? [])
  const isbn13 = isbn13Of(field('isbn') ?? '') ?? isbnAmong(field('identifiers'))
  // A year alone is exported as its first day.
  const published = publicationDate(field('pubdate') ?? '')?.replace(/-01-01$/, '')
  const uuid = field('uuid')
  const tags = (field('tags') ?? '').split(',').flatMap((tag) => textOf(tag) ?? [])
  const comments = field('comments')
  return {
    kind: 'edition',
    edition: {
      isbn13,
      origin:
        uuid === undefined
          ? isbn13 === undefined
            ? originByText('calibre', titleKey(title), authors[0] ?? '', published)
            : undefined
          : `calibre:${uuid}`,
      title,
      authors,
      publisher: field('publisher'),
      published,
      pages: pagesOf(field('#pages') ?? field('pages')),
      language: languageOf((field('languages') ?? '').split(',')[0] ?? ''),
      subjects: tags.length > 0 ? tags : undefined,
      description: comments === undefined ? undefined : textOf(decode(comments.replaceAll(/<[^>]*>/g, ' '))),
      series: field('series'),
    },
  }
}

function isbnAmong(identifiers = ''): string | undefined {
  return isbn13Of(/(?:^|,)\s*isbn:([^,]+)/i.exec(identifiers)?.[1] ?? '')
}
