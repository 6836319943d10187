import type { JobQuery, Page, StoredJob } from '@headway/core'
import { isTerminal } from '@headway/protocol'
import { decodeListCursor, encodeListCursor } from '@headway/store-kit'
import type { Database, SqlValue } from '../database/database.js'
import { VIEW_COLUMNS, isUuid, jobOf } from '../rows.js'
import type { ViewRow } from '../rows.js'
import { firstIdAt } from '../schema/job-id.js'

/** How many jobs one page looks at; where that is not enough, the page is shorter and the next one goes on. */
const MAX_SCANNED_JOBS = 20_000

/** Pages of jobs, newest first: in the order of their internal ids, which hold the time of creation. */
export function prepareList(db: Database): (query: JobQuery) => Promise<Page<StoredJob>> {
  return async (query) => {
    const before = decodeListCursor(query)
    if (query.parentId !== undefined && !isUuid(query.parentId)) return { items: [], nextCursor: null }
    const values: SqlValue[] = []
    const value = (each: SqlValue): string => `$${values.push(each)}`
    // What an index can find, and what is looked at in each of those: the inner limit bounds the work.
    const scope = scopeOf(query, before, value)
    const filter = filterOf(query, value)
    const rows = await db.run<ViewRow & { readonly id: string | null; readonly oldest: string | null; readonly scanned: number }>(
      db.sql(`
        with scanned as materialized (select j.* from headway.jobs j where ${scope} order by j.id desc limit ${MAX_SCANNED_JOBS}),
        page as (
          select j.id::text as id, ${VIEW_COLUMNS} from scanned j join headway.details d on d.id = j.id where ${filter}
          order by j.id desc limit ${value(query.limit + 1)}
        )
        select p.*, s.oldest, s.jobs as scanned from (select min(id)::text as oldest, count(*) as jobs from scanned) s left join page p on true`),
      values,
      { repeatable: true },
    )
    const found = rows.filter(({ id }) => id !== null)
    const items = found.slice(0, query.limit)
    const { oldest = null, scanned = 0 } = rows[0] ?? {}
    const next = found.length > query.limit ? (items.at(-1)?.id ?? null) : scanned >= MAX_SCANNED_JOBS ? oldest : null
    return { items: items.map(jobOf), nextCursor: next === null ? null : encodeListCursor(query, next) }
  }
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
