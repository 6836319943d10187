export type SqlValue = string | number | null

/** A prepared statement, made once and kept. `Row` is what one row of its answer has. */
export interface Statement<Row = never> {
  run(...values: SqlValue[]): void
  get(...values: SqlValue[]): Row | undefined
  all(...values: SqlValue[]): Row[]
}

/** The part of a SQLite connection that Headway uses. */
export interface Database {
  exec(sql: string): void
  prepare<Row = never>(sql: string): Statement<Row>
  /** The same with rows as arrays, in the order of the columns: several times cheaper to make than objects. */
  prepareTuples<Row extends readonly SqlValue[]>(sql: string): Statement<Row>
  readonly isTransaction: boolean
  close(): void
}

type DriverStatement<Row> = Omit<Statement<Row>, 'run'> & { setReturnArrays(on: boolean): void }

interface DriverDatabase extends Omit<Database, 'prepare' | 'prepareTuples'> {
  prepare<Row>(sql: string): DriverStatement<Row>
}

interface DatabaseClass {
  new (path: string, options: { readOnly?: boolean; timeout?: number; enableForeignKeyConstraints?: boolean }): DriverDatabase
}

/** Below this, two connections that checkpoint at the same moment can corrupt a database in WAL mode (sqlite.org/wal.html, "WAL-reset bug"). */
const OLDEST_VERSION = '3.51.3'

/** How long a statement waits for a lock of another connection of this process. In milliseconds. */
const BUSY_TIMEOUT_MS = 10_000

const driver = await chooseDriver()

/**
 * Opens a database with the runtime's own SQLite where that is new enough, else with the one that the package brings.
 *
 * @throws Error of the driver, see `storeErrorOf`
 */
export function openDatabase(path: string, options: { readonly readOnly?: boolean; readonly timeoutMs?: number } = {}): Database {
  const db = new driver(path, {
    readOnly: options.readOnly ?? false,
    timeout: options.timeoutMs ?? BUSY_TIMEOUT_MS,
    enableForeignKeyConstraints: false,
  })
  return {
    exec: (sql) => db.exec(sql),
    prepare: <Row>(sql: string) => statementOf(db.prepare<Row>(sql)),
    prepareTuples<Row extends readonly SqlValue[]>(sql: string) {
      const statement = db.prepare<Row>(sql)
      statement.setReturnArrays(true)
      return statementOf(statement)
    },
    get isTransaction() {
      return db.isTransaction
    },
    close: () => db.close(),
  }
}

function statementOf<Row>(statement: DriverStatement<Row>): Statement<Row> {
  return {
    // The driver's `run` makes an object with counts each time, which costs as much as a small statement; nobody here reads it.
    run: (...values) => void statement.get(...values),
    get: (...values) => statement.get(...values),
    all: (...values) => statement.all(...values),
  }
}

async function chooseDriver(): Promise<DatabaseClass> {
  const builtin = builtinDriver()
  if (builtin !== undefined) return builtin
  const { DatabaseSync } = await import('@photostructure/sqlite')
  const packaged = DatabaseSync as unknown as DatabaseClass
  const version = sqliteVersion(packaged)
  if (isOlder(version, OLDEST_VERSION)) throw new Error(`SQLite ${OLDEST_VERSION} or later is needed; this is ${version}.`)
  return packaged
}

function builtinDriver(): DatabaseClass | undefined {
  // Asked before it is loaded: where it is too old, loading it would only print a warning.
  const version = process.versions['sqlite']
  if (version === undefined || isOlder(version, OLDEST_VERSION)) return undefined
  const builtin = process.getBuiltinModule('node:sqlite' as string) as { readonly DatabaseSync: DatabaseClass } | undefined
  // A system's own Node may run with another SQLite than it was built with.
  if (builtin === undefined || isOlder(sqliteVersion(builtin.DatabaseSync), OLDEST_VERSION)) return undefined
  return builtin.DatabaseSync
}

function sqliteVersion(candidate: DatabaseClass): string {
  const memory = new candidate(':memory:', {})
  try {
    return memory.prepare<{ version: string }>('select sqlite_version() as version').get()?.version ?? '0'
  } finally {
    memory.close()
  }
}

function isOlder(version: string, than: string): boolean {
  const [a, b] = [version.split('.').map(Number), than.split('.').map(Number)]
  for (let part = 0; part < 3; part++) {
    const difference = (a[part] ?? 0) - (b[part] ?? 0)
    if (difference !== 0) return difference < 0
  }
  return false
}
