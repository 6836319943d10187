import type { Database, SqlValue, Statement } from '@headway/sqlite'
import type { JobRow } from '@headway/store-kit/rules'
import type { ListArgs, ReadOperations } from '../messages.js'
import { JOB_COLUMNS } from '../rows.js'

/** How many jobs one page looks at; where that is not enough, the page is shorter and the next one goes on. */
const MAX_SCANNED_JOBS = 20_000

/**
 * Jobs are listed by their row ids, which grow with the time of creation unless the clock was set back. So many jobs next to a time are looked
 * at for the first and the last row of a list that times bound.
 */
const CLOCK_SLACK_JOBS = MAX_SCANNED_JOBS

type ListedRow = readonly [id: number, ...row: JobRow]

/** Pages of jobs, newest first. The caller holds a read transaction. */
export function prepareList(db: Database): (args: ListArgs) => ReadOperations['list'][1] {
  const pages = new Map<string, Statement<ListedRow>>()
  const scanEnds = new Map<string, Statement<readonly [id: number | null, jobs: number]>>()

  function statement<Row extends readonly SqlValue[]>(cache: Map<string, Statement<Row>>, sql: string): Statement<Row> {
    let found = cache.get(sql)
    if (found === undefined) cache.set(sql, (found = db.prepareTuples<Row>(sql)))
    return found
  }

  const firstSince = db.prepare<{ id: number | null }>(
    `select min(id) as id from (select id from jobs where created_at >= ? order by created_at limit ${CLOCK_SLACK_JOBS})`,
  )
  const lastBefore = db.prepare<{ id: number | null }>(
    `select max(id) as id from (select id from jobs where created_at < ? order by created_at desc limit ${CLOCK_SLACK_JOBS})`,
  )

  /** The rows that can be of the list's times. */
  function boundsOf({ createdAfter, createdBefore, before }: ListArgs): Bounds {
    const first = createdAfter === null ? 1 : (firstSince.get(createdAfter)?.id ?? Number.MAX_SAFE_INTEGER)
    const last = createdBefore === null ? Number.MAX_SAFE_INTEGER : (lastBefore.get(createdBefore)?.id ?? 0)
    return { first, end: Math.min(before ?? Number.MAX_SAFE_INTEGER, last + 1) }
  }

  return (args) => {
    const scope = scopeOf(args, boundsOf(args))
    const filter = filterOf(args)
    // The newest jobs of the scope, and of those the ones that fit: the inner limit bounds the work.
    const inner = `from jobs where ${scope.where} order by id desc limit ${MAX_SCANNED_JOBS}`
    const rows = statement(
      pages,
      `select j.id, ${JOB_COLUMNS} from (select * ${inner}) j join details d on d.id = j.id where ${filter.where} order by j.id desc limit ?`,
    ).all(...scope.values, ...filter.values, args.limit + 1)
    if (rows.length > args.limit) {
      const page = rows.slice(0, args.limit)
      return { rows: page.map(viewOf), next: page.at(-1)?.[0] ?? null }
    }
    const scan = statement(scanEnds, `select min(id), count(*) from (select id ${inner})`).get(...scope.values)
    const [oldest, scanned] = scan ?? [null, 0]
    return { rows: rows.map(viewOf), next: scanned >= MAX_SCANNED_JOBS ? oldest : null }
  }
}

interface Condition {
  readonly where: string
  readonly values: readonly SqlValue[]
}

/** Row ids from `first` to the one before `end`. */
interface Bounds {
  readonly first: number
  readonly end: number
}

/** What an index can find: jobs before the cursor, of one parent or type, not finished, or finished without success. */
function scopeOf({ parentId, types, statuses, onlyOpen }: ListArgs, { first, end }: Bounds): Condition {
  const where = ['id >= ? and id < ?']
  const values: SqlValue[] = [first, end]
  if (parentId !== null) {
    where.push('parent = ?')
    values.push(parentId)
  } else if (onlyOpen) {
    where.push('finished_at is null')
  } else if (statuses !== null && statuses.length > 0 && statuses.every((status) => status === 'failed' || status === 'cancelled')) {
    // As the index has it, word by word.
    where.push(`status in ('failed', 'cancelled')`)
  } else if (types?.length === 1) {
    where.push('type = ?')
    values.push(...types)
  }
  return { where: where.join(' and '), values }
}

/** What is looked at in each job. */
function filterOf({ types, statuses, text, createdAfter, createdBefore }: ListArgs): Condition {
  const where = ['true']
  const values: SqlValue[] = []
  if (types !== null) {
    where.push('j.type in (select value from json_each(?))')
    values.push(JSON.stringify(types))
  }
  if (statuses !== null) {
    where.push('j.status in (select value from json_each(?))')
    values.push(JSON.stringify(statuses))
  }
  if (createdAfter !== null) {
    where.push('j.created_at >= ?')
    values.push(createdAfter)
  }
  if (createdBefore !== null) {
    where.push('j.created_at < ?')
    values.push(createdBefore)
  }
  if (text !== null) {
    const pattern = `%${text.replace(/[\\%_]/g, '\\$&')}%`
    where.push(`(j.uuid like ? escape '\\' or j.type like ? escape '\\' or d.input like ? escape '\\')`)
    values.push(pattern, pattern, pattern)
  }
  return { where: where.join(' and '), values }
}

function viewOf([, ...row]: ListedRow): JobRow {
  return row
}
