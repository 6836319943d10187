import { DatabaseSync } from '@photostructure/sqlite'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { newJob, useFolders } from './support.js'

describe('the schema', () => {
  const { folder, open } = useFolders()

  /** Makes a database and then pretends that a later version has changed it. */
  async function changedByLaterVersion(oldestReader: number, oldestWriter: number): Promise<string> {
    const path = await folder()
    const stores = await open({ folder: path })
    await stores.jobs.create([newJob({ type: 'kept' })])
    await stores.close()
    const db = new DatabaseSync(join(path, 'headway.db'))
    db.prepare('insert into schema_versions values (99, ?, ?, 0)').run(oldestReader, oldestWriter)
    db.close()
    return path
  }

  test('a database that a later version made unusable for this one is refused, and left as it is', async () => {
    for (const [reader, writer] of [
      [99, 99],
      [1, 99],
    ] as const) {
      const path = await changedByLaterVersion(reader, writer)
      await expect(open({ folder: path })).rejects.toMatchObject({
        name: 'StoreError',
        code: 'unavailable',
        message: expect.stringMatching(/schema 99.*later version/),
      })
      // The lock was let go of: the right version can start.
      await expect(open({ folder: path })).rejects.toMatchObject({ code: 'unavailable' })
    }
  })

  test('a database that a later version changed compatibly is used', async () => {
    const { jobs } = await open({ folder: await changedByLaterVersion(1, 1) })
    expect((await jobs.list({ limit: 5 })).items).toMatchObject([{ type: 'kept' }])
  })

  test('a database of the first version is brought up to date, with what it holds', async () => {
    const path = await folder()
    const first = await open({ folder: path })
    await first.jobs.create([newJob({ type: 'kept' })])
    await first.close()
    const db = new DatabaseSync(join(path, 'headway.db'))
    db.exec(
      'drop index jobs_unsuccessful; drop index jobs_created; drop index jobs_waiting; drop table minutes; alter table tallies drop column pruned; delete from schema_versions where version > 1; pragma user_version = 1',
    )
    db.close()
    const { jobs } = await open({ folder: path })
    expect(await jobs.counts()).toEqual([{ type: 'kept', status: 'queued', count: 1, pruned: 0 }])
    expect((await jobs.figures()).minutes).toMatchObject([{ created: 1, completed: 0 }])
  })

  test('opening again and again changes nothing', async () => {
    const path = await folder()
    const job = newJob()
    for (let i = 0; i < 3; i++) {
      const stores = await open({ folder: path })
      expect((await stores.jobs.create([job])).map(({ created }) => created)).toEqual([i === 0])
      await stores.close()
    }
  })
})
