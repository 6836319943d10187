import { openPostgresStores } from '@headway/store-postgres'
import { spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { startPostgres } from '../../../test/support/postgres-server.mjs'
import { appendOf, runningJob } from './support/jobs.js'
import { logOf } from './support/load.js'
import { sql } from './support/sql.js'

/** For a database with nothing in it, the store's tables, and not much else. In MiB. */
const SMALL = 24
/** Of one append. */
const EVENTS = 8

/** Nothing that could be compressed. */
const text = (): string => randomBytes(45_000).toString('base64')

/** A file system of its own, or undefined where this process may not mount one. */
function smallDisk(): string | undefined {
  const folder = mkdtempSync(join(tmpdir(), 'headway-full-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  // Whoever may mount is root, for whom the server runs as nobody.
  if (mount('-t', 'tmpfs', '-o', `size=${SMALL}m,uid=65534,gid=65534`, 'tmpfs', folder) !== 0) return undefined
  onTestFinished(() => void spawnSync('umount', [folder]))
  return folder
}

function mount(...args: readonly string[]): number | null {
  return spawnSync('mount', args, { stdio: 'ignore' }).status
}

test('a full disk is refused with the code full, leaves nothing by halves, and work goes on when there is room', async ({ skip }) => {
  const disk = smallDisk()
  if (disk === undefined) return skip('mounting a small disk needs more rights')
  const server = await startPostgres()
  onTestFinished(() => server.close())
  await sql(server.url, `CREATE TABLESPACE small LOCATION '${disk}'`)
  await sql(server.url, 'CREATE DATABASE full_soon TABLESPACE small')
  const stores = await openPostgresStores({ url: server.url.replace(/postgres$/, 'full_soon'), timeoutMs: 2_000 })
  onTestFinished(() => stores.close())

  const claim = await runningJob(stores.jobs)
  const results: unknown[] = []
  let head = claim.job.head
  while (results.length === 0) {
    const outcome = await stores.jobs.append([appendOf(claim, head, EVENTS, text())]).catch((error: unknown) => results.push(error))
    if (typeof outcome !== 'number') head += EVENTS
  }
  expect(results).toEqual([expect.objectContaining({ code: 'full' })])
  expect(await stores.jobs.get(claim.job.id)).toMatchObject({ head, status: 'running' })
  expect(await logOf(stores.jobs, claim.job.id)).toHaveLength(head)

  expect(mount('-o', `remount,size=${4 * SMALL}m`, disk)).toBe(0)
  await stores.check()
  expect(await stores.jobs.append([appendOf(claim, head, EVENTS, text())])).toEqual([{ ok: true }])
  expect(await logOf(stores.jobs, claim.job.id)).toHaveLength(head + EVENTS)
})
