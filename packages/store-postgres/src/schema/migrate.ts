import { StoreError } from '@headway/core'
import type { Database, Runner } from '../database/database.js'
import { quoteIdentifier } from '../database/statement.js'
import { MIGRATIONS } from './migrations.js'

/** What the schema of a database is, and what this program did to it. */
export interface Migrated {
  readonly version: number
  /** The steps that were taken now; none when it was up to date. */
  readonly steps: readonly number[]
}

/** Locks of one purpose, as PostgreSQL's advisory locks have two numbers: this one is for all of Headway, the other says what for. */
const LOCK = "hashtext('headway ' || $1)"

/**
 * Brings a database to this program's schema, in one transaction, and under a lock: of several nodes that start, one does it and the others wait.
 *
 * @throws StoreError `unavailable` when a later version made it that this one may not read or write
 */
export function migrate(db: Database): Promise<Migrated> {
  const { sql, schema } = db
  return db.transaction(
    async (tx) => {
      await tx.run(sql(`select pg_advisory_xact_lock(${LOCK})`), [`${schema} schema`])
      await makeSchema(tx, db)
      const [newest] = await versionsOf(tx, db)
      checkUsable(newest)
      const pending = MIGRATIONS.filter((migration) => migration.version > (newest?.version ?? 0))
      for (const { version, oldestReader, oldestWriter, sql: text } of pending) {
        for (const part of partsOf(text)) await tx.run(sql(part))
        await tx.run(sql('insert into headway.schema_versions values ($1, $2, $3, headway.now_ms())'), [
          version,
          oldestReader,
          oldestWriter,
        ])
      }
      return { version: Math.max(newest?.version ?? 0, newestKnown()), steps: pending.map(({ version }) => version) }
    },
    { repeatable: true },
  )
}

/**
 * Looks whether this program can use the database as it is.
 *
 * @throws StoreError `unavailable` when the schema is not there, is older than this program's, or can't be used by it
 */
export async function checkSchema(db: Database): Promise<Migrated> {
  const [found] = await db.run<{ there: boolean }>(db.sql('select to_regclass($1) is not null as there'), [
    `${quoteIdentifier(db.schema)}.schema_versions`,
  ])
  const [newest] = found?.there === true ? await versionsOf(db, db) : []
  checkUsable(newest)
  if ((newest?.version ?? 0) < newestKnown()) {
    const state = newest === undefined ? 'has no schema' : `has schema ${newest.version}`
    throw new StoreError('unavailable', `The database ${state}; this version needs ${newestKnown()}. Run "headway migrate" first.`)
  }
  return { version: newest?.version ?? 0, steps: [] }
}

interface Version {
  readonly version: number
  readonly oldest: number
}

async function makeSchema(tx: Runner, { sql, schema }: Database): Promise<void> {
  // Looked for first: whoever runs this may use the schema without the right to make one.
  const [found] = await tx.run<{ there: boolean }>(sql('select to_regnamespace($1) is not null as there'), [quoteIdentifier(schema)])
  if (found?.there !== true) await tx.run(sql(`create schema if not exists ${quoteIdentifier(schema)}`))
  await tx.run(
    sql(`create table if not exists headway.schema_versions (
      version integer primary key, oldest_reader integer not null, oldest_writer integer not null, applied_at bigint not null
    )`),
  )
}

function versionsOf(runner: Runner, { sql }: Database): Promise<Version[]> {
  return runner.run<Version>(
    sql(`select version, (select max(greatest(oldest_reader, oldest_writer)) from headway.schema_versions) as oldest
      from headway.schema_versions order by version desc limit 1`),
  )
}

function checkUsable(newest: Version | undefined): void {
  if (newest !== undefined && newest.oldest > newestKnown()) {
    throw new StoreError(
      'unavailable',
      `The database has schema ${newest.version}, made by a later version of Headway; this one knows ${newestKnown()} and can't use it. Start the later version.`,
    )
  }
}

function newestKnown(): number {
  return MIGRATIONS.at(-1)?.version ?? 0
}

/** The statements of a step: they are prepared, and a prepared text holds one. */
function partsOf(text: string): string[] {
  return text
    .split(/;\s*\n/)
    .map((part) => part.trim())
    .filter((part) => part !== '')
}
