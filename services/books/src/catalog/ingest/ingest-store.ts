import type { Database, Statement } from '@headway/sqlite'
import { EditionWriter } from '../write/edition-writer.js'
import { OpenLibraryNames } from './open-library-names.js'
import type { FileRecord } from './record.js'

/** Of a file, so that whoever repairs it knows where to look. `record` counts from 1; in a dump it is the number of the line. */
export interface MalformedExample {
  readonly record: number
  readonly why: string
}

/** What became of the records of one file. They add up: `records` is the sum of the others but for `malformedExamples`. */
export interface IngestCounts {
  readonly records: number
  readonly added: number
  readonly updated: number
  /** Of authors and works, and what is nothing about a book. */
  readonly skipped: number
  readonly malformed: number
  /** The first of them. */
  readonly malformedExamples: readonly MalformedExample[]
}

/** How far a file is taken in. */
export interface IngestState extends IngestCounts {
  /** Where the next record begins. */
  readonly position: number
  /** Every record was read. */
  readonly read: boolean
  /** And editions that waited for what it says are complete. */
  readonly finished: boolean
}

const MAX_EXAMPLES = 20

interface StateRow {
  readonly position: number
  readonly records: number
  readonly added: number
  readonly updated: number
  readonly skipped: number
  readonly malformed: number
  readonly malformed_examples: string
  readonly resolved: number
  readonly finished_at: string | null
}

/** Writes records with how far the file is, in one transaction: whoever is killed goes on from there. */
export class IngestStore {
  readonly #db: Database
  readonly #file: { readonly fingerprint: string; readonly name: string; readonly format: string }
  readonly #writer: EditionWriter
  readonly #names: OpenLibraryNames
  readonly #load: Statement<StateRow>
  readonly #save: Statement

  constructor(db: Database, file: { readonly fingerprint: string; readonly name: string; readonly format: string }) {
    this.#db = db
    this.#file = file
    this.#writer = new EditionWriter(db)
    this.#names = new OpenLibraryNames(db)
    this.#load = db.prepare('select * from ingests where fingerprint = ?')
    this.#save = db.prepare('insert or replace into ingests values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)')
  }

  load(): IngestState {
    const row = this.#load.get(this.#file.fingerprint)
    if (row === undefined) {
      return {
        position: 0,
        records: 0,
        added: 0,
        updated: 0,
        skipped: 0,
        malformed: 0,
        malformedExamples: [],
        read: false,
        finished: false,
      }
    }
    const { position, records, added, updated, skipped, malformed } = row
    const malformedExamples = JSON.parse(row.malformed_examples) as MalformedExample[]
    return {
      position,
      records,
      added,
      updated,
      skipped,
      malformed,
      malformedExamples,
      read: row.resolved === 1,
      finished: row.finished_at !== null,
    }
  }

  /** Writes some records. @returns the state after them */
  write(state: IngestState, records: readonly FileRecord[]): IngestState {
    const counts = { added: 0, updated: 0, skipped: 0, malformed: 0 }
    const examples = [...state.malformedExamples]
    return this.#inTransaction(() => {
      for (const [place, { parsed }] of records.entries()) {
        if (parsed.kind === 'edition') {
          const { edition, pending } = this.#names.complete(parsed.edition)
          counts[this.#writer.put(edition, pending)] += 1
        } else if (parsed.kind === 'malformed') {
          counts.malformed += 1
          if (examples.length < MAX_EXAMPLES) examples.push({ record: state.records + place + 1, why: parsed.why })
        } else {
          if (parsed.kind === 'author') this.#names.putAuthor(parsed.author)
          else if (parsed.kind === 'work') this.#names.putWork(parsed.work)
          counts.skipped += 1
        }
      }
      return {
        position: records.at(-1)?.end ?? state.position,
        records: state.records + records.length,
        added: state.added + counts.added,
        updated: state.updated + counts.updated,
        skipped: state.skipped + counts.skipped,
        malformed: state.malformed + counts.malformed,
        malformedExamples: examples,
        read: false,
        finished: false,
      }
    })
  }

  /** Says that all is read, or that all is done. */
  mark(state: IngestState, how: { readonly finished: boolean }): IngestState {
    return this.#inTransaction(() => ({ ...state, read: true, finished: how.finished }))
  }

  /** Completes some editions that waited for authors or works. @returns where to go on, undefined at the end */
  completePending(after: number): number | undefined {
    return this.#transaction(() => {
      const { last, completed } = this.#names.pendingAfter(after)
      for (const { id, found, pending } of completed) this.#writer.complete(id, found, pending)
      return last
    })
  }

  #inTransaction(work: () => IngestState): IngestState {
    return this.#transaction(() => {
      const state = work()
      const { position, records, added, updated, skipped, malformed, malformedExamples, read, finished } = state
      const { fingerprint, name, format } = this.#file
      const finishedAt = finished ? new Date().toISOString() : null
      const examples = JSON.stringify(malformedExamples)
      this.#save.run(fingerprint, name, format, position, records, added, updated, skipped, malformed, examples, read ? 1 : 0, finishedAt)
      return state
    })
  }

  #transaction<Result>(work: () => Result): Result {
    this.#db.exec('begin immediate')
    try {
      const result = work()
      this.#db.exec('commit')
      return result
    } catch (error) {
      if (this.#db.isTransaction) this.#db.exec('rollback')
      throw error
    }
  }
}
