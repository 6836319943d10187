import type { Database, Statement } from '@headway/sqlite'
import { columnOf, listOf } from '../list-column.js'
import type { Completion, Edition } from '../write/edition.js'
import type { AuthorFacts, WorkFacts } from './record.js'

/** Editions that are looked at in one transaction. */
const BATCH = 1000
/** Of one work, so that none fills the catalog. */
const MAX_LIST = 20
/** In characters. */
const MAX_DESCRIPTION = 4000

interface WorkRow {
  readonly author_keys: string | null
  readonly subjects: string | null
  readonly description: string | null
  readonly cover: number | null
}

interface PendingRow {
  readonly id: number
  readonly author_keys: string | null
  readonly work_key: string | null
}

interface Completed {
  readonly id: number
  readonly found: Completion
  /** Something is still unknown. */
  readonly pending: boolean
}

/** The authors and works of Open Library's dumps, to which editions point by their keys. The dumps may come in any order. */
export class OpenLibraryNames {
  readonly #author: Statement<readonly [string]>
  readonly #work: Statement<WorkRow>
  readonly #putAuthor: Statement
  readonly #putWork: Statement
  readonly #pending: Statement<PendingRow>

  constructor(db: Database) {
    this.#author = db.prepareTuples('select name from ol_authors where key = ?')
    this.#work = db.prepare('select author_keys, subjects, description, cover from ol_works where key = ?')
    this.#putAuthor = db.prepare('insert or replace into ol_authors (key, name) values (?, ?)')
    this.#putWork = db.prepare('insert or replace into ol_works (key, author_keys, subjects, description, cover) values (?, ?, ?, ?, ?)')
    this.#pending = db.prepare(`select id, author_keys, work_key from editions where pending = 1 and id > ? order by id limit ${BATCH}`)
  }

  putAuthor({ key, name }: AuthorFacts): void {
    this.#putAuthor.run(key, name)
  }

  putWork({ key, authorKeys, subjects, description, cover }: WorkFacts): void {
    const text = description?.slice(0, MAX_DESCRIPTION) ?? null
    this.#putWork.run(key, columnOf(authorKeys.slice(0, MAX_LIST)), columnOf(subjects.slice(0, MAX_LIST)), text, cover ?? null)
  }

  /** An edition with what is known of its authors and its work. Editions of other sources stay as they are. */
  complete(edition: Edition): { readonly edition: Edition; readonly pending: boolean } {
    if (edition.workKey === undefined && (edition.authorKeys ?? []).length === 0) return { edition, pending: false }
    const { found, pending } = this.#find(edition.authorKeys ?? [], edition.workKey)
    const { authors, subjects, description, cover } = found
    const completed = {
      ...edition,
      authors: authors.length > 0 ? authors : edition.authors,
      subjects: edition.subjects ?? subjects,
      description: edition.description ?? description,
      cover: edition.cover ?? cover,
    }
    return { edition: completed, pending }
  }

  /** Some editions that wait, from the first after an id on, with what became known. @returns `last` undefined: there are no more */
  pendingAfter(id: number): { readonly last: number | undefined; readonly completed: readonly Completed[] } {
    const rows = this.#pending.all(id)
    const completed = rows.flatMap((row) => {
      const { found, pending, anything } = this.#find(listOf(row.author_keys), row.work_key ?? undefined)
      return anything ? [{ id: row.id, found, pending }] : []
    })
    return { last: rows.at(-1)?.id, completed }
  }

  #find(authorKeys: readonly string[], workKey: string | undefined): Omit<Completed, 'id'> & { readonly anything: boolean } {
    const work = workKey === undefined ? undefined : this.#work.get(workKey)
    const keys = authorKeys.length > 0 ? authorKeys : listOf(work?.author_keys ?? null)
    const authors = keys.flatMap((key) => this.#author.get(key)?.[0] ?? [])
    const subjects = listOf(work?.subjects ?? null)
    const found = {
      authors,
      subjects: subjects.length > 0 ? subjects : undefined,
      description: work?.description ?? undefined,
      cover: work?.cover ?? undefined,
    }
    const pending = authors.length < keys.length || (workKey !== undefined && work === undefined)
    return { found, pending, anything: authors.length > 0 || work !== undefined }
  }
}
