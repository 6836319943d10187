import { DatabaseSync } from '@photostructure/sqlite'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { newJob, useFolders } from './support.js'

const { folder, open } = useFolders()

/** Adds queued jobs without making them one by one. */
function addMany(path: string, count: number, createdAt: number): void {
  const db = new DatabaseSync(join(path, 'headway.db'))
  db.exec(`
    insert into jobs (uuid, type, status, queue, priority, run_at, max_recoveries, head, created_at)
      with recursive n (i) as (select 1 union all select i + 1 from n where i < ${count})
      select 'many-${createdAt}-' || i, 'many', 'queued', 2, 0, 9000000000000, 0, 1, ${createdAt} from n;
    insert into details (id, input) select id, 'null' from jobs where true on conflict do nothing;
  `)
  db.close()
}

test('a job that failed or was cancelled is found among any number of others', async () => {
  const path = await folder()
  const { jobs, close } = await open({ folder: path })
  const job = newJob()
  await jobs.create([job])
  await jobs.request(job.id, 'cancel')
  await close()
  addMany(path, 20_000, Date.now())
  const { jobs: again } = await open({ folder: path })
  for (const statuses of [['failed', 'cancelled'], ['cancelled']] as const)
    expect(await again.list({ statuses, limit: 5 })).toMatchObject({ items: [{ id: job.id }], nextCursor: null })
  expect(await again.list({ statuses: ['failed'], limit: 5 })).toEqual({ items: [], nextCursor: null })
})

test('jobs of a time are found although the clock was set back', async () => {
  const path = await folder()
  await (await open({ folder: path })).close()
  const now = Date.now()
  addMany(path, 3000, now + 3_600_000)
  addMany(path, 1500, now)
  const { jobs } = await open({ folder: path })
  const query = { createdAfter: new Date(now - 1000), limit: 5000 }
  expect((await jobs.list(query)).items.length).toBe(4500)
  expect((await jobs.list({ createdBefore: new Date(now + 1000), limit: 5000 })).items.length).toBe(1500)
})
