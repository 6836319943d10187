import { StoreError } from '@headway/core'
import { spawn } from 'node:child_process'
import type { ChildProcessWithoutNullStreams } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { afterEach, describe, expect, test } from 'vitest'
import { LEASE_MS, denseUpTo, seqsOf, useFolders } from './support.js'

const SERVER = new URL('./fixtures/server.mjs', import.meta.url)

describe('the data folder', () => {
  const { folder, open } = useFolders()
  let server: { kill(signal: 'SIGKILL'): boolean } | undefined

  afterEach(() => {
    server?.kill('SIGKILL')
    server = undefined
  })

  /** Starts a process that uses the folder and appends without end, and waits until it has appended something. */
  async function startServer(path: string): Promise<{ process: ChildProcessWithoutNullStreams; id: string; heads: number[] }> {
    const child = spawn(process.execPath, [SERVER.pathname, path])
    server = child
    const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
    const id = String((await lines.next()).value)
    const heads: number[] = [Number((await lines.next()).value)]
    void (async () => {
      for await (const line of { [Symbol.asyncIterator]: () => lines }) heads.push(Number(line))
    })()
    return { process: child, id, heads }
  }

  async function kill(child: ChildProcessWithoutNullStreams): Promise<void> {
    const closed = once(child, 'close')
    child.kill('SIGKILL')
    await closed
  }

  test('is locked: a second server is told which folder and which process', async () => {
    const path = await folder()
    const { process: child } = await startServer(path)
    const error: unknown = await open({ folder: path }).catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(StoreError)
    expect(error).toMatchObject({ code: 'locked' })
    expect((error as StoreError).message).toContain(path)
    expect((error as StoreError).message).toContain(`process ${child.pid}`)
  })

  test('is locked in one process, too, and free after closing', async () => {
    const path = await folder()
    const first = await open({ folder: path })
    await expect(open({ folder: path })).rejects.toMatchObject({ code: 'locked' })
    await first.check()
    await first.close()
    await (await open({ folder: path })).check()
  })

  test('is free once the server was killed; all that it acknowledged is there, and its leases are over', async () => {
    const path = await folder()
    const { process: child, id, heads } = await startServer(path)
    while (heads.length < 50) await once(child.stdout, 'data')
    await kill(child)
    const { jobs } = await open({ folder: path })
    const job = await jobs.get(id)
    expect(job?.head).toBeGreaterThanOrEqual(heads.at(-1) ?? Infinity)
    expect(await seqsOf(jobs, id)).toEqual(denseUpTo(job?.head ?? 0))
    const swept = await jobs.sweep({ limit: 10, retention: { default: {} }, watched: [], watchedGraceMs: 0 })
    expect(swept.recovered).toEqual([id])
    const [claim] = await jobs.claim('next', [{ type: 'endless', limit: 1 }], LEASE_MS)
    expect(claim?.job.recoveries).toBe(1)
    // The checkpoint is of the same transaction as the events that it stands for.
    const log = await jobs.read(id, { after: 0, maxEvents: 100_000, maxBytes: 100_000_000 })
    const lastOfKilled = log?.events.findLast(({ type }) => type === 'work')?.seq ?? 0
    const base = Number(claim?.saved)
    expect(base + 1 + (base % 7)).toBe(lastOfKilled)
  })
})
