import { publicationDate } from '../../dates.js'
import { isbn13Of } from '../../isbn.js'
import { languageOf } from '../../languages.js'
import { titleKey } from '../title.js'
import { parseIso2709 } from './iso2709.js'
import type { MarcField } from './iso2709.js'
import type { FileRecord, Parsed, ReadRecords } from './record.js'
import { malformed, originByText } from './record.js'
import { split } from './split.js'
import { nameTurnedRound, pagesOf, textOf } from './values.js'

const RECORD_END = 0x1d
/** The length of a record has five digits. */
const MAX_RECORD_BYTES = 99_999

/**
 * Reads MARC 21 bibliographic records in ISO 2709.
 *
 * @see https://www.loc.gov/marc/bibliographic/
 */
export const readMarc: ReadRecords = async function* (chunks, from) {
  for await (const pieces of split(chunks(from), RECORD_END, from, MAX_RECORD_BYTES)) {
    yield pieces.map(({ bytes, end }): FileRecord => ({
      parsed: bytes === undefined ? malformed('the record is too long') : parseRecord(bytes),
      end,
    }))
  }
}

function parseRecord(bytes: Buffer): Parsed {
  // Some programs put each record on a line.
  const start = bytes.findIndex((byte) => byte > 0x20)
  if (start === -1) return { kind: 'other' }
  try {
    return bookOf(parseIso2709(bytes.subarray(start)))
  } catch (error) {
    return malformed(error instanceof Error ? error.message : String(error))
  }
}

function bookOf(fields: readonly MarcField[]): Parsed {
  const title = bare(first(fields, '245', 'a'))
  if (title === undefined) return malformed('a record without a title')
  const part = ['n', 'p'].flatMap((code) => bare(first(fields, '245', code)) ?? [])
  const isbns = all(fields, '020', 'a').flatMap((text) => isbn13Of(/^[\d Xx-]+/.exec(text.trim())?.[0] ?? '') ?? [])
  const authors = ['100', '110', '700'].flatMap((tag) => all(fields, tag, 'a')).flatMap((name) => authorOf(name) ?? [])
  const published =
    publicationDate((first(fields, '260', 'c') ?? first(fields, '264', 'c') ?? '').replaceAll(/[[\]©c.]/g, '')) ??
    publicationDate(control(fields, '008').slice(7, 11))
  const subjects = [...new Set(['650', '651', '655'].flatMap((tag) => all(fields, tag, 'a')).flatMap((text) => bare(text) ?? []))]
  const number = control(fields, '001').trim()
  const fullTitle = [title, ...part].join(', ')
  return {
    kind: 'edition',
    edition: {
      isbn13: isbns[0],
      origin:
        number === ''
          ? originByText('marc', titleKey(fullTitle), authors[0] ?? '', published)
          : `marc:${control(fields, '003').trim()}:${number}`,
      title: fullTitle,
      subtitle: bare(first(fields, '245', 'b')),
      authors: [...new Set(authors)],
      publisher: bare(first(fields, '260', 'b') ?? first(fields, '264', 'b')),
      published,
      pages: pagesOf(/(\d+)\s*(?:p|s|pages|Seiten)\b/i.exec(first(fields, '300', 'a') ?? '')?.[1]),
      language: languageOf(control(fields, '008').slice(35, 38)) ?? languageOf((first(fields, '041', 'a') ?? '').slice(0, 3)),
      subjects: subjects.length > 0 ? subjects : undefined,
      description: textOf(first(fields, '520', 'a')),
      series: bare(first(fields, '490', 'a') ?? first(fields, '830', 'a')),
    },
  }
}

function all(fields: readonly MarcField[], tag: string, code: string): string[] {
  return fields
    .filter((field) => field.tag === tag)
    .flatMap(({ subfields }) => subfields.filter((one) => one.code === code).map(({ value }) => value))
}

function first(fields: readonly MarcField[], tag: string, code: string): string | undefined {
  return all(fields, tag, code)[0]
}

function control(fields: readonly MarcField[], tag: string): string {
  return fields.find((field) => field.tag === tag)?.value ?? ''
}

/** Without the punctuation of ISBD that separates it from the next part. */
function bare(text: string | undefined): string | undefined {
  return textOf(text)
    ?.replace(/\s*[/:;=,]\s*$/, '')
    .replace(/(?<=[\p{L}\d]{3,})\.$/u, '')
}

function authorOf(text: string): string | undefined {
  const name = textOf(text)?.replace(/\s*,\s*$/, '')
  return name === undefined ? undefined : nameTurnedRound(name.replace(/(?<=[\p{L}]{3,})\.$/u, ''))
}
