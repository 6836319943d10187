import { LogEvent } from '@headway/core'
import type { EventPage, ReadRange } from '@headway/core'
import type { JobId, Seq } from '@headway/protocol'
import { createPageBuilder } from '@headway/store-kit/rules'
import type { ReadArgs } from '@headway/store-kit/rules'
import type { Database } from '../database/database.js'
import { isUuid } from '../rows.js'

/** How many rows of a log one statement brings, for each page. */
const MAX_ROWS = 512

/** How much of a log one call looks through for events of some types. In bytes. */
const MAX_SCAN_BYTES = 4 * 1024 * 1024

/** How much of a log is searched for types at a time. In bytes. */
const SCAN_STEP_BYTES = 256 * 1024

/** How many pages one statement brings at most: each may be as large as its caller allows. */
const MAX_PAGES = 256

/** How many statements for pages are under way at most. */
const MAX_STATEMENTS = 2

interface PieceRow {
  readonly n: number
  readonly head: number | null
  readonly closed: boolean
  readonly first: number | null
  readonly last: number
  readonly lines: string
}

interface Piece {
  readonly first: Seq
  readonly last: Seq
  readonly lines: string
}

/** A part of a log, with the job's row as the same snapshot has it. */
interface Part {
  readonly head: Seq
  readonly closed: boolean
  readonly pieces: readonly Piece[]
  /** All that the log has after the cursor. */
  readonly isRest: boolean
}

interface Waiting {
  readonly args: ReadArgs
  resolve(part: Part | undefined): void
  reject(error: unknown): void
}

/** Reads pieces of logs. What is asked within one turn of the event loop, of any number of jobs, is one statement. */
export class PageReader {
  readonly #db: Database
  readonly #waiting: Waiting[] = []
  #underWay = 0
  #scheduled = false

  constructor(db: Database) {
    this.#db = db
  }

  /** A page of a job's log; undefined: there is no such job. @throws StoreError */
  async read(id: JobId, { after, types, maxEvents, maxBytes }: ReadRange): Promise<EventPage | undefined> {
    if (!isUuid(id)) return undefined
    const args: ReadArgs = { id, after, types: types ?? null, maxEvents, maxBytes }
    const page = createPageBuilder(args)
    let first: Part | undefined
    for (let scanned = 0; scanned < MAX_SCAN_BYTES;) {
      const part = await this.#ask({ ...args, after: page.next(), maxBytes: types === undefined ? maxBytes : SCAN_STEP_BYTES })
      // Pruned in between: the next call says so, and this one says what it has.
      if (part === undefined) break
      first ??= part
      // What came after the first snapshot is for the next call.
      const { head } = first
      const full = part.pieces.some((piece) => piece.first <= head && !page.add(piece))
      for (const { lines } of part.pieces) scanned += lines.length
      if (full || part.isRest || types === undefined || page.next() >= head) break
    }
    if (first === undefined) return undefined
    const lines = page.lines()
    const events = lines === '' ? [] : lines.split('\n').map((line) => LogEvent.decode(line))
    // Pruning takes whole jobs, so a log that is there is there from its beginning.
    return { events, next: page.next(), head: first.head, closed: first.closed, earliest: 1 }
  }

  #ask(args: ReadArgs): Promise<Part | undefined> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ args, resolve, reject })
      if (this.#scheduled) return
      this.#scheduled = true
      queueMicrotask(() => {
        this.#scheduled = false
        this.#send()
      })
    })
  }

  #send(): void {
    while (this.#waiting.length > 0 && this.#underWay < MAX_STATEMENTS) {
      const asked = this.#waiting.splice(0, MAX_PAGES)
      this.#underWay += 1
      void this.#readParts(asked).finally(() => {
        this.#underWay -= 1
        this.#send()
      })
    }
  }

  async #readParts(asked: readonly Waiting[]): Promise<void> {
    try {
      const parts = await this.#query(asked.map(({ args }) => args))
      for (const [index, { resolve }] of asked.entries()) resolve(parts[index])
    } catch (error) {
      for (const { reject } of asked) reject(error)
    }
  }

  async #query(asked: readonly ReadArgs[]): Promise<readonly (Part | undefined)[]> {
    const { sql } = this.#db
    const rows = await this.#db.run<PieceRow>(
      sql(`
        select r.n, j.head, j.finished_at is not null as closed, s.first, s.last, s.lines
        from unnest($1::uuid[], $2::bigint[], $3::integer[], $4::bigint[]) with ordinality as r (uuid, after, most, bytes, n)
        left join headway.jobs j on j.uuid = r.uuid
        left join lateral (
          select p.first, p.last, p.lines from (
            select g.first, g.last, g.lines,
              sum(octet_length(g.lines) + 1) over (order by g.last rows between unbounded preceding and 1 preceding) as before
            from headway.segments g where g.job = j.id and g.last > r.after order by g.last limit r.most
          ) p where coalesce(p.before, 0) < r.bytes
        ) s on true
        order by r.n, s.last`),
      [
        asked.map(({ id }) => id),
        asked.map(({ after }) => after),
        asked.map(({ maxEvents, types }) => (types === null ? Math.min(MAX_ROWS, maxEvents + 1) : MAX_ROWS)),
        asked.map(({ maxBytes }) => maxBytes),
      ],
      { repeatable: true },
    )
    const parts: { head: Seq; closed: boolean; pieces: Piece[]; isRest: boolean }[] = []
    for (const { n, head, closed, first, last, lines } of rows) {
      if (head === null) continue
      const part = (parts[n - 1] ??= { head, closed, pieces: [], isRest: true })
      if (first !== null) part.pieces.push({ first, last, lines })
      part.isRest = first === null || last >= head
    }
    return parts
  }
}
