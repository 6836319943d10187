import { onPostgres } from '../lib/measure-on-postgres.mjs'
import { SERVER_SETTINGS } from '../lib/postgres.mjs'

export const title = 'PostgreSQL: what operations cost, and how that grows with the jobs that are kept'
export const about = `Processor time of the database alone, by calls of the store that hold always the same: 500 jobs made, 100 claimed and 500 completed in a call, and events of 120 bytes appended to 200 jobs in a call. Beside none, there are a million or more finished jobs. Then all of these are deleted by a statement, with their logs; and the same logs dropped with their partition. ${SERVER_SETTINGS}.`
export const maxRuns = 1

const OPERATIONS = 10_000
const DAY_MS = 86_400_000

export function contenders(quick) {
  const sizes = quick ? [0, 100_000] : [0, 1_000_000, 5_000_000]
  return Object.fromEntries(sizes.map((size) => [`${size.toLocaleString('en-GB')} finished jobs`, () => measure(size)]))
}

function measure(size) {
  return onPostgres('servers/store-costs.mjs', async (child, count, database) => {
    // The first call makes the partitions; the first plans are made.
    await child.call('create', { count: 1000, group: 500 })
    if (size > 0) await fill(database, size)
    await database.query('vacuum analyze')
    await child.call('claim', { count: 1000, group: 100 })
    await child.call('append', { count: 4000, group: 200, bytes: 120 })
    const cost = async (name, load) => {
      const counted = await count()
      await child.call(name, { count: OPERATIONS, ...load })
      const { databaseCost, wal } = await counted(OPERATIONS)
      return { cost: databaseCost, wal: wal / OPERATIONS }
    }
    const append = await cost('append', { group: 200, bytes: 120 })
    const create = await cost('create', { group: 500 })
    const claim = await cost('claim', { group: 100 })
    const complete = await cost('complete', { group: 500 })
    const [{ bytes }] = await database.query(
      "select sum(pg_total_relation_size(oid))::bigint as bytes from pg_class where relnamespace = 'headway'::regnamespace and relkind = 'r'",
    )
    return {
      append: append.cost,
      appendWal: append.wal,
      job: create.cost + claim.cost + complete.cost,
      jobWal: create.wal + claim.wal + complete.wal,
      create: create.cost,
      claim: claim.cost,
      complete: complete.cost,
      ...(size > 0 && { bytesPerJob: Number(bytes) / size, ...(await removal(database, size)) }),
    }
  })
}

/** Makes finished jobs with logs of three events, as they are a day after: by statements, as it would take too long through the store. */
async function fill({ query }, size) {
  await query(`set bench.first = '${await firstIdOfYesterday(query)}'`)
  for (const table of ['details', 'segments']) {
    await query(`create table headway.${table}_old (like headway.${table} including all)`)
    await query(
      `alter table headway.${table} attach partition headway.${table}_old for values from (0) to (${(await bounds(query, table)).to})`,
    )
  }
  await query(`insert into headway.jobs (id, uuid, type, status, queue, priority, run_at, attempt, max_recoveries, head, epoch, batch_id, batch_epoch, batch_base, result, created_at, started_at, finished_at)
    select current_setting('bench.first')::bigint + n, gen_random_uuid(), 'cost', 'completed', 0, 0, t, 1, 3, 3, 1, gen_random_uuid()::text, 1, 2, 'null', t, t, t
    from (select n, headway.now_ms() - ${DAY_MS} as t from generate_series(1, ${size}) n) s`)
  await query(
    `insert into headway.details (id, input) select current_setting('bench.first')::bigint + n, '{}' from generate_series(1, ${size}) n`,
  )
  await query(`insert into headway.segments (job, last, first, lines)
    select current_setting('bench.first')::bigint + n, seq, seq, '{"seq":' || seq || ',"at":"2026-01-01T00:00:00.000Z","type":"completed","data":{"result":null}}'
    from generate_series(1, ${size}) n, generate_series(1, 3) seq`)
}

/** What it takes to get rid of them: seconds of wall time and of the server's processor time. */
async function removal(database, size) {
  const timed = async (texts) => {
    const counted = await database.count()
    const began = performance.now()
    for (const text of texts) await database.query(text)
    const { cpu, wal } = await counted()
    return { seconds: (performance.now() - began) / 1000, cpu, wal }
  }
  const isOld = `<= current_setting('bench.first')::bigint + ${size}`
  const deleted = await timed([`delete from headway.segments where job ${isOld}`, `delete from headway.details where id ${isOld}`])
  const dropped = await timed(['drop table headway.segments_old', 'drop table headway.details_old'])
  return { deleteSeconds: deleted.seconds, deleteCost: (deleted.cpu / size) * 1e6, dropSeconds: dropped.seconds }
}

async function bounds(query, table) {
  const [{ bound }] =
    await query(`select pg_get_expr(c.relpartbound, c.oid) as bound from pg_inherits i join pg_class c on c.oid = i.inhrelid
    where i.inhparent = 'headway.${table}'::regclass order by c.relname limit 1`)
  const [, from] = /FROM \('?(-?\d+)'?\)/.exec(bound)
  return { to: from }
}

async function firstIdOfYesterday(query) {
  const [{ id }] = await query(`select headway.new_job_id(headway.now_ms() - ${2 * DAY_MS})::text as id`)
  return id
}

export const columns = [
  { key: 'append', label: 'an event, µs', digits: 1 },
  { key: 'appendWal', label: 'log of the database, bytes an event' },
  { key: 'job', label: 'a job, µs' },
  { key: 'create', label: 'of it to create' },
  { key: 'claim', label: 'to claim' },
  { key: 'complete', label: 'to complete' },
  { key: 'jobWal', label: 'log of the database, bytes a job' },
  { key: 'bytesPerJob', label: 'on disk, bytes a job' },
  { key: 'deleteSeconds', label: 'its logs deleted, s', digits: 1 },
  { key: 'deleteCost', label: 'µs a job', digits: 1 },
  { key: 'dropSeconds', label: 'dropped, s', digits: 2 },
]

export function targets() {
  return []
}
