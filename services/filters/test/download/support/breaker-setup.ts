import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { DownloaderOptions } from '@headway/filters/download'
import { openSqliteStores } from '@headway/store-sqlite'
import { onTestFinished } from 'vitest'
import { downloader, LIST } from './downloads.js'
import { serve } from './source-server.js'

/** A server that fails until it is told to work, two downloaders that share the engine's own store, and a clock. With the store `memory` each downloader has its own. */
export async function setup(options: DownloaderOptions, store: 'memory' | 'engine' = 'engine') {
  let status = 500
  let now = 1_000_000
  let held: { reached: () => void; waiting: Promise<void> } | undefined
  const folder = await mkdtemp(join(tmpdir(), 'headway-breakers-'))
  const stores = await openSqliteStores({ folder })
  const server = await serve((_request, response) => {
    void (async () => {
      held?.reached()
      await held?.waiting
      response.writeHead(status).end(status === 200 ? LIST : 'sorry')
    })()
  })
  onTestFinished(async () => {
    await stores.close()
    await rm(folder, { recursive: true })
  })
  const all: DownloaderOptions = { ...(store === 'engine' && { breakers: stores.keyValues }), now: () => now, ...options }
  return {
    server,
    from: downloader(all),
    other: downloader(all),
    works: () => {
      status = 200
      held = undefined
    },
    fails: (as: number) => {
      status = as
    },
    later: (ms: number) => {
      now += ms
    },
    /** The next requests wait until `go`, and then the server works. */
    hold: () => {
      let go: () => void = () => undefined
      let reached: () => void = () => undefined
      const waiting = new Promise<void>((resolve) => (go = resolve))
      const here = new Promise<void>((resolve) => (reached = resolve))
      held = { reached, waiting }
      return {
        reached: here,
        go: () => {
          status = 200
          held = undefined
          go()
        },
      }
    },
  }
}
