import { createEngine } from '@headway/core'
import { mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openStores } from './headway-store.mjs'
import { threadsOf } from './threads.mjs'

/** A folder for data, on the disk where temporary files lie. `remove` takes it away. */
export async function dataFolder() {
  const folder = await mkdtemp(join(tmpdir(), 'headway-bench-'))
  return { folder, remove: () => rm(folder, { recursive: true, force: true }) }
}

/**
 * An engine on a store of its own, as it ships: SQLite, or the database that the environment names (see headway-store.mjs). `threads` names the store's threads by their ids; `close` ends and removes all.
 *
 * @param options of the engine
 */
export async function openEngine(options) {
  // Node's pool of threads for files is there before the store opens: what comes after it is the store's.
  await Promise.all(Array.from({ length: 8 }, () => stat('.')))
  const { folder, remove } = await dataFolder()
  const before = threadsOf(process.pid)
  const stores = await openStores(folder)
  const [writer, reader] = stores.kind === 'sqlite' ? threadsOf(process.pid).filter((tid) => !before.includes(tid)) : []
  const engine = createEngine({ stores, ...options })
  return {
    engine,
    threads: writer === undefined ? {} : { [writer]: 'writer', [reader]: 'reader' },
    async close() {
      await engine.close()
      await stores.close()
      await remove()
    },
  }
}
