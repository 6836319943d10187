import type { JobQuery, Page, StoredJob } from '@headway/core'
import { isTerminal } from '@headway/protocol'
import { decodeListCursor, encodeListCursor, isStorable } from '@headway/store-kit'
import type { Database, SqlValue } from '../database/database.js'
import { VIEW_COLUMNS, detailsOf, isUuid, jobOf } from '../rows.js'
import type { ViewRow } from '../rows.js'
import { firstIdAt } from '../schema/job-id.js'

/** How many jobs one page looks at; where that is not enough, the page is shorter and the next one goes on. */
const MAX_SCANNED_JOBS = 20_000

/** Pages of jobs, newest first: in the order of their internal ids, which hold the time of creation. */
export function prepareList(db: Database): (query: JobQuery) => Promise<Page<StoredJob>> {
  return async (query) => {
    const before = decodeListCursor(query)
    // No job has these, and the database would refuse to look.
    if ((query.parentId !== undefined && !isUuid(query.parentId)) || !textsOf(query).every(isStorable))
      return { items: [], nextCursor: null }
    const values: SqlValue[] = []
    const value = (each: SqlValue): string => `$${values.push(each)}`
    const scope = scopeOf(query, before, value)
    const valuesOfScope = [...values]
    const filter = filterOf(query, value)
    // The newest jobs of the scope, and of those the ones that fit: the inner limit bounds the work. It ends when the page is full.
    const scanned = (columns: string): string =>
      `select ${columns} from headway.jobs j where ${scope} order by j.id desc limit ${MAX_SCANNED_JOBS}`
    const rows = await db.run<ViewRow & { readonly id: string }>(
      db.sql(`select j.id::text as id, ${VIEW_COLUMNS} from (${scanned('j.*')}) j ${detailsOf('j')} where ${filter}
        order by j.id desc limit ${value(query.limit + 1)}`),
      values,
      { repeatable: true },
    )
    if (rows.length > query.limit) {
      const page = rows.slice(0, query.limit)
      return { items: page.map(jobOf), nextCursor: encodeListCursor(query, page.at(-1)?.id ?? '') }
    }
    const [end] = await db.run<{ readonly oldest: string | null; readonly jobs: number }>(
      db.sql(`select min(id)::text as oldest, count(*) as jobs from (${scanned('j.id')}) j`),
      valuesOfScope,
      { repeatable: true },
    )
    const next = end !== undefined && end.jobs >= MAX_SCANNED_JOBS ? end.oldest : null
    return { items: rows.map(jobOf), nextCursor: next === null ? null : encodeListCursor(query, next) }
  }
}

function textsOf({ types = [], text = '' }: JobQuery): readonly string[] {
  return [...types, text]
}

type Parameter = (value: SqlValue) => string

function scopeOf({ parentId, types, statuses, createdAfter, createdBefore }: JobQuery, before: string | null, value: Parameter): string {
  const where: string[] = ['true']
  if (before !== null) where.push(`j.id < ${value(before)}::bigint`)
  if (createdAfter !== undefined) where.push(`j.id >= ${value(firstIdAt(createdAfter.getTime()))}::bigint`)
  if (createdBefore !== undefined) where.push(`j.id < ${value(firstIdAt(createdBefore.getTime()))}::bigint`)
  if (parentId !== undefined) where.push(`j.parent = ${value(parentId)}`)
  else if (statuses !== undefined && !statuses.some(isTerminal)) where.push('j.finished_at is null')
  else if (statuses !== undefined && statuses.every((status) => status === 'failed' || status === 'cancelled')) {
    // As the index has it, word by word.
    where.push(`j.status in ('failed', 'cancelled')`)
  } else if (types?.length === 1) where.push(`j.type = ${value(types[0] ?? '')}`)
  return where.join(' and ')
}

function filterOf({ types, statuses, text }: JobQuery, value: Parameter): string {
  const where: string[] = ['true']
  if (types !== undefined) where.push(`j.type = any(${value(types)}::text[])`)
  if (statuses !== undefined) where.push(`j.status = any(${value(statuses)}::text[])`)
  if (text !== undefined) {
    const pattern = value(`%${text.replaceAll(/[\\%_]/g, '\\$&')}%`)
    where.push(`(j.uuid::text ilike ${pattern} or j.type ilike ${pattern} or d.input ilike ${pattern})`)
  }
  return where.join(' and ')
}
