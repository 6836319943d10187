import { publicationDate } from '../../dates.js'
import { isbn13Of } from '../../isbn.js'
import { languageOf } from '../../languages.js'
import type { FileRecord, Parsed, ReadRecords } from './record.js'
import { malformed } from './record.js'
import { split } from './split.js'
import { pagesOf, textOf, textsOf } from './values.js'

const LINE_FEED = 0x0a
/** Of a line. The longest that the dumps have are a few hundred KiB. */
const MAX_LINE_BYTES = 4 * 1024 * 1024

type Members = Readonly<Record<string, unknown>>

/**
 * Reads dumps of Open Library: a line for each record, with five columns: type, key, revision, time of the last change, JSON.
 *
 * @see https://openlibrary.org/developers/dumps
 */
export const readOpenLibrary: ReadRecords = async function* (chunks, from) {
  for await (const pieces of split(chunks(from), LINE_FEED, from, MAX_LINE_BYTES)) {
    yield pieces.map(({ bytes, end }): FileRecord => ({
      parsed: bytes === undefined ? malformed('the line is too long') : parseLine(bytes.toString()),
      end,
    }))
  }
}

function parseLine(line: string): Parsed {
  if (line.trim() === '') return { kind: 'other' }
  const [type, key, , , json] = columnsOf(line)
  if (type === undefined || key === undefined || json === undefined) return malformed('there are less than five columns')
  if (type !== '/type/edition' && type !== '/type/work' && type !== '/type/author') {
    return type.startsWith('/type/') ? { kind: 'other' } : malformed('the first column is no type')
  }
  let members: unknown
  try {
    members = JSON.parse(json)
  } catch {
    return malformed('the fifth column is no JSON')
  }
  if (typeof members !== 'object' || members === null || Array.isArray(members)) return malformed('the fifth column is no JSON object')
  if (type === '/type/edition') return editionOf(key, members as Members)
  return type === '/type/work' ? workOf(key, members as Members) : authorOf(key, members as Members)
}

/** The last column may have tabs of its own. */
function columnsOf(line: string): string[] {
  const columns: string[] = []
  let start = 0
  for (let column = 0; column < 4; column++) {
    const tab = line.indexOf('\t', start)
    if (tab === -1) return columns
    columns.push(line.slice(start, tab))
    start = tab + 1
  }
  columns.push(line.slice(start))
  return columns
}

function editionOf(key: string, members: Members): Parsed {
  const name = textOf(members['title'])
  if (name === undefined) return malformed('an edition without a title')
  const prefix = textOf(members['title_prefix'])
  const isbns = [...textsOf(members['isbn_13']), ...textsOf(members['isbn_10'])].flatMap((text) => isbn13Of(text) ?? [])
  const subjects = textsOf(members['subjects'])
  return {
    kind: 'edition',
    edition: {
      isbn13: isbns[0],
      origin: `ol:${key}`,
      title: prefix === undefined ? name : `${prefix} ${name}`,
      subtitle: textOf(members['subtitle']),
      authors: [],
      authorKeys: keysOf(members['authors']),
      publisher: textsOf(members['publishers'])[0],
      published: publicationDate(textOf(members['publish_date']) ?? ''),
      pages: pagesOf(members['number_of_pages'] ?? members['pagination']),
      language: languageOf(keysOf(members['languages'])[0] ?? ''),
      subjects: subjects.length > 0 ? subjects : undefined,
      description: longText(members['description']),
      series: textsOf(members['series'])[0],
      workKey: keysOf(members['works'])[0],
      editionKey: key,
      cover: coverOf(members['covers']),
    },
  }
}

function workOf(key: string, members: Members): Parsed {
  const authors = Array.isArray(members['authors']) ? members['authors'].map((role: unknown) => member(role, 'author') ?? role) : []
  return {
    kind: 'work',
    work: {
      key,
      authorKeys: keysOf(authors),
      subjects: textsOf(members['subjects']),
      description: longText(members['description']),
      cover: coverOf(members['covers']),
    },
  }
}

function authorOf(key: string, members: Members): Parsed {
  const name = textOf(members['name']) ?? textOf(members['personal_name'])
  return name === undefined ? malformed('an author without a name') : { kind: 'author', author: { key, name } }
}

/** References are `{"key": "/authors/OL1A"}`, in some old records the key alone. */
function keysOf(value: unknown): string[] {
  return Array.isArray(value) ? value.flatMap((item: unknown) => textOf(item) ?? textOf(member(item, 'key')) ?? []) : []
}

function member(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Members)[name] : undefined
}

/** Long texts are texts or `{"type": "/type/text", "value": …}`. */
function longText(value: unknown): string | undefined {
  return textOf(value) ?? textOf(member(value, 'value'))
}

/** Below 0 stands for a cover that was taken away. */
function coverOf(value: unknown): number | undefined {
  return Array.isArray(value) ? value.find((id): id is number => Number.isSafeInteger(id) && id > 0) : undefined
}
