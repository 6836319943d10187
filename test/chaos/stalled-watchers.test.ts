import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { readLog } from './final-checks.mjs'
import { ask } from './http.mjs'
import { residentBytes, until } from './processes.mjs'
import { headway } from './targets/headway.mjs'
import { StalledWatcher } from './watchers/stalled.mjs'
import { World } from './world.mjs'

const WATCHERS = 1_000
/** So many connect at once. */
const GROUP = 50
/** What the job prints: so many lines of this size, in bytes. */
const LINES = 4_000
const LINE_BYTES = 1_000
const MAX_GROWTH_BYTES = 64 * 2 ** 20
/** On a machine that is busy with a thousand clients a lease may be renewed late. In milliseconds. */
const LEASE_MS = 30_000
const JOB_MS = 60_000
/** How often the memory is looked at, in milliseconds. */
const LOOK_MS = 50
/** For a thousand times 4 MB through one machine's loopback, in milliseconds. */
const TEST_MS = 300_000

let world: World
beforeAll(async () => {
  world = await World.create({ target: headway, seed: 1, leaseMs: LEASE_MS })
  await world.ensureReady()
})
afterAll(() => world.close())

async function request(method: string, path: string, body?: unknown): Promise<Record<string, unknown>> {
  const { status, text } = await ask(world.server.url + path, { method, headers: world.server.headers, body })
  expect([200, 201, 202], text).toContain(status)
  return JSON.parse(text) as Record<string, unknown>
}

/** A job that prints when `go` is called; that resolves at its end, with the most memory that the server had meanwhile. */
async function createFlood(name: string): Promise<{ id: string; go: () => Promise<number> }> {
  const goFile = join(world.folder, name)
  const id = (await request('POST', '/api/tasks/flood', { goFile, lines: LINES, size: LINE_BYTES }))['taskId'] as string
  const go = async (): Promise<number> => {
    let most = 0
    const look = setInterval(() => (most = Math.max(most, residentBytes(world.server.pid as number))), LOOK_MS)
    writeFileSync(goFile, '')
    const ended = await until(JOB_MS, async () => (await request('GET', `/jobs/${id}`))['status'] === 'completed')
    clearInterval(look)
    expect(ended).toBe(true)
    return most
  }
  return { id, go }
}

test(
  'a thousand watchers that do not read cost the server little memory, and miss nothing when they read on',
  async () => {
    const { server } = world
    const { headers, port } = server
    const pid = server.pid as number
    // What the job itself takes, the server takes here.
    await (await createFlood('without-watchers')).go()

    const { id, go } = await createFlood('watched')
    const watchers: StalledWatcher[] = []
    const connect = () => StalledWatcher.connect({ port, path: `/jobs/${id}/events`, headers })
    try {
      while (watchers.length < WATCHERS) watchers.push(...(await Promise.all(Array.from({ length: GROUP }, connect))))
      await wait(1_000)
      const idle = residentBytes(pid)
      const most = await go()
      expect(most - idle).toBeLessThan(MAX_GROWTH_BYTES)

      const lines = (await readLog(server, id)) as string[]
      expect(lines.length).toBeGreaterThan(LINES)
      const expected = Buffer.from(lines.map((line, index) => `id: ${index + 1}\ndata: ${line}\n\n`).join(''))
      const wrong = await Promise.all(watchers.map((watcher) => watcher.readAll(expected)))
      expect(wrong.filter((what) => what !== undefined)).toEqual([])
    } finally {
      for (const watcher of watchers) watcher.destroy()
    }
  },
  TEST_MS,
)
