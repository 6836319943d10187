import { afterAll, beforeAll, expect, test } from 'vitest'
import { readLog } from './final-checks.mjs'
import { ask } from './http.mjs'
import { describeProcess, processesWith, until } from './processes.mjs'
import { headway } from './targets/headway.mjs'
import { World } from './world.mjs'

// The process table after a cancel, with the real server and a program that does all it can to stay.

/** The program, its child, the shell and the loop of its grandchild, the loop without a parent; and what each loop sleeps in. */
const PROCESSES = 8
/** For the cancel's way to the program, its grace and its end. In milliseconds. */
const CANCEL_MS = 15_000

let world: World
beforeAll(async () => {
  world = await World.create({ target: headway, seed: 1 })
  await world.ensureReady()
})
afterAll(() => world.close())

async function request(method: string, path: string): Promise<Record<string, unknown>> {
  const { status, text } = await ask(world.server.url + path, { method, headers: world.server.headers })
  expect([200, 201, 202], text).toContain(status)
  return JSON.parse(text) as Record<string, unknown>
}

const family = (): { pid: number }[] => processesWith('CHAOS_MARK', world.mark)

const statusOf = async (id: string): Promise<unknown> => (await request('GET', `/jobs/${id}`))['status']

const cancelTask = (id: string): Promise<unknown> => request('DELETE', `/api/tasks/${id}`)
const cancelJob = (id: string): Promise<unknown> => request('POST', `/jobs/${id}/cancel`)
async function cancelPaused(id: string): Promise<unknown> {
  await request('POST', `/jobs/${id}/pause`)
  expect(await until(CANCEL_MS, async () => (await statusOf(id)) === 'paused')).toBe(true)
  return cancelTask(id)
}

test.each([
  ['a task', cancelTask],
  ['a job', cancelJob],
  ['a paused task', cancelPaused],
])(
  'a cancel of %s leaves no process behind, whether it ignores SIGTERM, has a session of its own or lost its parent',
  async (_, cancel) => {
    const id = (await request('POST', '/api/tasks/family'))['taskId'] as string
    const ready = await until(20_000, async () => ((await readLog(world.server, id)) as string[]).some((line) => line.includes('"ready"')))
    expect(ready).toBe(true)
    expect(family().length).toBeGreaterThanOrEqual(PROCESSES)

    await cancel(id)
    expect(await until(CANCEL_MS, async () => (await statusOf(id)) === 'cancelled')).toBe(true)
    // When the log says that it is over, it is.
    expect(family().map(({ pid }) => describeProcess(pid))).toEqual([])
  },
)
