import type { Database, SqlValue, Statement } from '@headway/sqlite'
import { isbn10Of } from '../../isbn.js'
import { fold } from '../fold.js'
import { columnOf } from '../list-column.js'
import { qualityOf } from '../quality.js'
import { titleKey } from '../title.js'
import type { Completion, Edition } from './edition.js'

/** What became of an edition. */
export type Written = 'added' | 'updated'

const FIELDS = [
  'isbn13',
  'isbn10',
  'origin',
  'title',
  'subtitle',
  'authors',
  'author_keys',
  'publisher',
  'published',
  'pages',
  'language',
  'subjects',
  'description',
  'series',
  'work_key',
  'edition_key',
  'cover',
  'reason',
  'quality',
  'title_key',
  'pending',
] as const

type Field = (typeof FIELDS)[number]
type StoredEdition = Readonly<Record<Field, SqlValue>> & { readonly id: number }

/** Of one edition, so that none fills the catalog. */
const MAX_AUTHORS = 20
const MAX_SUBJECTS = 20
/** In characters. */
const MAX_TITLE = 500
const MAX_DESCRIPTION = 4000

/**
 * Writes editions with their words into the indexes. It is used within a transaction of its caller's. An edition that is there is replaced by
 * what the same source says now; what another source says only fills the gaps.
 */
export class EditionWriter {
  readonly #byId: Statement<StoredEdition>
  readonly #byIsbn: Statement<StoredEdition>
  readonly #byOrigin: Statement<StoredEdition>
  readonly #insert: Statement<{ id: number }>
  readonly #update: Statement
  readonly #addWords: Statement
  readonly #addTrigrams: Statement
  readonly #dropWords: Statement
  readonly #dropTrigrams: Statement

  constructor(db: Database) {
    const fields = FIELDS.join(', ')
    this.#byId = db.prepare(`select id, ${fields} from editions where id = ?`)
    this.#byIsbn = db.prepare(`select id, ${fields} from editions where isbn13 = ?`)
    this.#byOrigin = db.prepare(`select id, ${fields} from editions where origin = ?`)
    this.#insert = db.prepare(`insert into editions (${fields}) values (${FIELDS.map(() => '?').join(', ')}) returning id`)
    this.#update = db.prepare(`update editions set ${FIELDS.map((field) => `${field} = ?`).join(', ')} where id = ?`)
    this.#addWords = db.prepare('insert into words (rowid, title, subtitle, authors, subjects) values (?, ?, ?, ?, ?)')
    this.#addTrigrams = db.prepare('insert into trigrams (rowid, title) values (?, ?)')
    this.#dropWords = db.prepare('delete from words where rowid = ?')
    this.#dropTrigrams = db.prepare('delete from trigrams where rowid = ?')
  }

  /** @param pending its authors or its work are not known yet */
  put(edition: Edition, pending = false): Written {
    const values = valuesOf(edition, pending)
    const byIsbn = values.isbn13 === null ? undefined : this.#byIsbn.get(values.isbn13)
    const byOrigin = values.origin === null ? undefined : this.#byOrigin.get(values.origin)
    const stored = byIsbn ?? byOrigin
    if (stored === undefined) {
      const id = this.#insert.get(...FIELDS.map((field) => values[field]))?.id ?? 0
      this.#index(id, values)
      return 'added'
    }
    // Its source gave it another ISBN, which an edition of the catalog has: that one is meant, and the name stays with the first.
    const nameTaken = byOrigin !== undefined && byOrigin.id !== stored.id
    this.#replace(stored.id, merge(stored, nameTaken ? { ...values, origin: null } : values))
    return 'updated'
  }

  /** Fills the gaps of an edition that waited for its authors or its work. @param pending there are still some */
  complete(id: number, found: Completion, pending: boolean): void {
    const stored = this.#byId.get(id)
    if (stored === undefined) return
    const { authors, subjects, description, cover } = found
    const given = {
      ...stored,
      authors: authors.length > 0 ? JSON.stringify(authors.slice(0, MAX_AUTHORS)) : stored.authors,
      subjects: stored.subjects ?? columnOf(subjects?.slice(0, MAX_SUBJECTS)),
      description: stored.description ?? description?.slice(0, MAX_DESCRIPTION) ?? null,
      cover: stored.cover ?? cover ?? null,
      pending: pending ? 1 : 0,
    }
    this.#replace(id, { ...given, quality: qualityOfStored(given) })
  }

  #replace(id: number, values: Readonly<Record<Field, SqlValue>>): void {
    this.#update.run(...FIELDS.map((field) => values[field]), id)
    this.#dropWords.run(id)
    this.#dropTrigrams.run(id)
    this.#index(id, values)
  }

  #index(id: number, { title, subtitle, authors, series, subjects }: Readonly<Record<Field, SqlValue>>): void {
    const folded = foldColumn(title)
    this.#addWords.run(id, folded, `${foldColumn(subtitle)} ${foldColumn(series)}`, foldColumn(authors), foldColumn(subjects))
    this.#addTrigrams.run(id, folded)
  }
}

/** Lists are folded as the JSON they are kept as: its signs are none of the words'. */
function foldColumn(value: SqlValue): string {
  return value === null ? '' : fold(String(value))
}

function valuesOf(edition: Edition, pending: boolean): Record<Field, SqlValue> {
  const { isbn13 } = edition
  const title = edition.title.slice(0, MAX_TITLE)
  const authors = edition.authors.slice(0, MAX_AUTHORS)
  const subjects = edition.subjects?.slice(0, MAX_SUBJECTS)
  const description = edition.description?.slice(0, MAX_DESCRIPTION)
  const { publisher, published: publishedDate, pages: pageCount, language } = edition
  const known = { isbn: isbn13, title, authors, publisher, publishedDate, pageCount, language, description, categories: subjects }
  return {
    isbn13: isbn13 ?? null,
    isbn10: edition.isbn10 ?? (isbn13 === undefined ? undefined : isbn10Of(isbn13)) ?? null,
    origin: edition.origin ?? null,
    title,
    subtitle: edition.subtitle?.slice(0, MAX_TITLE) ?? null,
    authors: JSON.stringify(authors),
    author_keys: columnOf(edition.authorKeys?.slice(0, MAX_AUTHORS)),
    publisher: publisher ?? null,
    published: publishedDate ?? null,
    pages: pageCount ?? null,
    language: language ?? null,
    subjects: columnOf(subjects),
    description: description ?? null,
    series: edition.series ?? null,
    work_key: edition.workKey ?? null,
    edition_key: edition.editionKey ?? null,
    cover: edition.cover ?? null,
    reason: edition.reason ?? null,
    quality: qualityOf(known, edition.cover !== undefined),
    title_key: titleKey(title),
    pending: pending ? 1 : 0,
  }
}

function merge(stored: StoredEdition, given: Readonly<Record<Field, SqlValue>>): Record<Field, SqlValue> {
  const sameSource = stored.origin !== null && stored.origin === given.origin
  const merged = {} as Record<Field, SqlValue>
  for (const field of FIELDS) {
    const [first, second] = sameSource ? [given[field], stored[field]] : [stored[field], given[field]]
    merged[field] = isEmpty(first) ? second : first
  }
  merged.title_key = titleKey(String(merged.title))
  merged.quality = qualityOfStored(merged)
  // What another source knows in full waits for nothing.
  merged.pending = sameSource ? given.pending : stored.pending
  return merged
}

function isEmpty(value: SqlValue): boolean {
  return value === null || value === '' || value === '[]'
}

function qualityOfStored(values: Readonly<Record<Field, SqlValue>>): number {
  const known = {
    isbn: values.isbn13,
    title: values.title,
    authors: isEmpty(values.authors) ? null : values.authors,
    publisher: values.publisher,
    publishedDate: values.published,
    pageCount: values.pages,
    language: values.language,
    description: values.description,
    categories: values.subjects,
  }
  return qualityOf(known, values.cover !== null)
}
