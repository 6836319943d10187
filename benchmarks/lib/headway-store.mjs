import { openPostgresStores } from '@headway/store-postgres'
import { openSqliteStores } from '@headway/store-sqlite'

/** In the environment of a server of the benchmarks: the database to use, instead of SQLite in a folder of its own. */
export const STORE_VARIABLE = 'HEADWAY_BENCH_STORE'

/** The stores that a server of the benchmarks works on. */
export function openStores(folder) {
  const url = process.env[STORE_VARIABLE]
  return url === undefined ? openSqliteStores({ folder }) : openPostgresStores({ url })
}
