import type { Database } from '@headway/sqlite'
import { StoreFailure } from '../errors.js'
import { MIGRATIONS } from './migrations.js'

/**
 * Brings a database to this program's schema, in one transaction.
 *
 * @throws StoreFailure `unavailable` when a later version made it that this one may not read or write
 */
export function migrate(db: Database, now: number): void {
  db.exec(`create table if not exists schema_versions (
    version integer primary key, oldest_reader integer not null, oldest_writer integer not null, applied_at integer not null
  ) strict`)
  const newest = db
    .prepare<{ version: number; oldest: number }>(
      'select version, max(oldest_reader, oldest_writer) as oldest from schema_versions order by version desc limit 1',
    )
    .get()
  const known = MIGRATIONS.at(-1)?.version ?? 0
  if (newest !== undefined && newest.oldest > known) {
    throw new StoreFailure(
      'unavailable',
      `The database has schema ${newest.version}, made by a later version of Headway; this one knows ${known} and can't use it. Start the later version.`,
    )
  }
  const pending = MIGRATIONS.filter((migration) => migration.version > (newest?.version ?? 0))
  if (pending.length === 0) return
  db.exec('begin immediate')
  try {
    const record = db.prepare('insert into schema_versions values (?, ?, ?, ?)')
    for (const migration of pending) {
      db.exec(migration.sql)
      record.run(migration.version, migration.oldestReader, migration.oldestWriter, now)
    }
    db.exec(`pragma user_version = ${known}`)
    db.exec('commit')
  } catch (error) {
    if (db.isTransaction) db.exec('rollback')
    throw error
  }
}
