import type { StoreFixture } from '@headway/conformance'
import { openSqliteStores } from '@headway/store-sqlite'
import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

/** An empty SQLite store in a folder of its own. */
export async function openSqliteFixture(): Promise<StoreFixture> {
  const home = await mkdtemp(join(tmpdir(), 'headway-stores-'))
  const timeOffset = new Float64Array(new SharedArrayBuffer(Float64Array.BYTES_PER_ELEMENT))
  let copies = 0
  let folder = join(home, '0')
  let stores = await openSqliteStores({ folder, timeOffset })
  return {
    get stores() {
      return stores
    },
    async advance(ms) {
      timeOffset[0] = (timeOffset[0] ?? 0) + ms
    },
    async reopen() {
      // What a killed process leaves are the files as they are at that moment. Copied by another process: closing a file here would drop SQLite's locks.
      const copy = join(home, String(++copies))
      await promisify(execFile)('cp', ['-R', folder, copy])
      await stores.close()
      folder = copy
      stores = await openSqliteStores({ folder, timeOffset })
      return stores
    },
    async close() {
      await stores.close()
      await rm(home, { recursive: true, force: true })
    },
  }
}
