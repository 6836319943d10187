import type { StoreFacts } from '@headway/core'
import type { Database } from './database.js'

interface SettingsRow {
  readonly commit: string
  readonly standbys: string
  readonly fsync: string
}

/** Values of `synchronous_commit` that wait for the standbys of `synchronous_standby_names` to have a commit on their disks. */
const WAITS_FOR_STANDBY = ['on', 'remote_apply']

/** Writes something, so that a full disk or a standby shows. @returns where a write is when it counts as done. @throws StoreError */
export async function checkWriting(db: Database): Promise<NonNullable<StoreFacts['durability']>> {
  const [row] = await db.run<SettingsRow>(
    db.sql(`
      with written as (
        insert into headway.checks (id, at) values (1, headway.now_ms()) on conflict (id) do update set at = excluded.at
      )
      select current_setting('synchronous_commit') as commit, current_setting('synchronous_standby_names') as standbys,
        current_setting('fsync') as fsync`),
  )
  if (row === undefined || row.commit === 'off' || row.fsync === 'off') return 'memory'
  return row.standbys !== '' && WAITS_FOR_STANDBY.includes(row.commit) ? 'standby' : 'disk'
}
