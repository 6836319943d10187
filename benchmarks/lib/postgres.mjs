import pg from 'pg'
import { createDatabase, startPostgres } from '../../test/support/postgres-server.mjs'
import { countTree } from './process-tree.mjs'

/**
 * Durable, as PostgreSQL is by default (fsync, synchronous_commit, full_page_writes), with memory and room for the log as a server of its own
 * has them: checkpoints come by time and not in the middle of a run.
 */
const SETTINGS = {
  fsync: 'on',
  synchronous_commit: 'on',
  full_page_writes: 'on',
  shared_buffers: '1GB',
  max_wal_size: '8GB',
  checkpoint_timeout: '15min',
  shared_preload_libraries: 'pg_stat_statements',
}

export const SERVER_SETTINGS =
  'PostgreSQL with fsync, synchronous_commit and full_page_writes on, 1 GB of shared buffers, 8 GB of log between checkpoints; a database of its own for each contender, and a checkpoint before each'

let server

/**
 * A database with nothing in it, on the one server of this run of the benchmarks.
 *
 * @returns {Promise<{ url: string, pid: number, query: (text: string) => Promise<object[]>, count: () => () => Promise<{ cpu: number, wal: number }>, drop: () => Promise<void> }>}
 *   `count` begins to count; its answer gives what the server used since: seconds of processor time of all its processes, and bytes of its log
 */
export async function openDatabase() {
  server ??= await startPostgres({ settings: SETTINGS })
  const { url, drop } = await createDatabase(server.url)
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  const query = async (text) => (await client.query(text)).rows
  await query('create extension if not exists pg_stat_statements')
  await query('checkpoint')
  const walAt = async () => Number((await query("select pg_current_wal_insert_lsn() - '0/0'::pg_lsn as at"))[0].at)
  return {
    url,
    pid: server.pid,
    query,
    async count() {
      const wal = await walAt()
      const cpu = countTree(server.pid)
      return async () => ({ cpu: cpu(), wal: (await walAt()) - wal })
    },
    async drop() {
      await client.end()
      await drop()
    },
  }
}

/** Hands a new database to `use`, and removes it whatever comes of it. */
export async function withDatabase(use) {
  const database = await openDatabase()
  try {
    return await use(database)
  } finally {
    await database.drop()
  }
}
