import type { Database, SqlValue, Statement } from '@headway/sqlite'
import type { ListArgs, ReadOperations } from '../messages.js'
import { JOB_COLUMNS } from '../rows.js'
import type { JobRow } from '../rows.js'

/** How many jobs one page looks at; where that is not enough, the page is shorter and the next one goes on. */
const MAX_SCANNED_JOBS = 20_000

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

  return (args) => {
    const scope = scopeOf(args)
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

/** What an index can find: jobs before the cursor, of one parent or type, or not finished. */
function scopeOf({ before, parentId, types, onlyOpen }: ListArgs): Condition {
  const where = ['id < ?']
  const values: SqlValue[] = [before ?? Number.MAX_SAFE_INTEGER]
  if (parentId !== null) {
    where.push('parent = ?')
    values.push(parentId)
  } else if (onlyOpen) {
    where.push('finished_at is null')
  } else if (types?.length === 1) {
    where.push('type = ?')
    values.push(...types)
  }
  return { where: where.join(' and '), values }
}

/** What is looked at in each job. */
function filterOf({ types, statuses, text }: ListArgs): Condition {
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
