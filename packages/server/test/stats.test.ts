import { jobPageSchema, statsSchema } from '@headway/protocol'
import type { Stats } from '@headway/protocol'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createdJob, finishedJob, problemOf, untilStatus } from './support/answers.js'
import { startServer } from './support/start.js'
import type { TestServer } from './support/start.js'

let server: TestServer
beforeAll(async () => {
  server = await startServer()
})
afterAll(() => server.stop())

async function stats(): Promise<Stats> {
  const answer = await server.ask('/stats')
  expect(answer.status).toBe(200)
  return statsSchema.parse(await answer.json())
}

it('tells of jobs, minutes, workers and watchers', async () => {
  const before = await stats()
  expect(before.jobs).toEqual({ queued: 0, running: 0, paused: 0, completed: 0, failed: 0, cancelled: 0 })
  expect(before.types.map(({ name }) => name)).toEqual(['count', 'stubborn', 'wait'])
  expect(before.oldestQueuedAt).toBeNull()
  expect(before.workers).toEqual([{ id: expect.any(String), running: 0, slots: 100, since: expect.any(String), self: true }])
  expect(before.minutes).toHaveLength(60)
  expect(Date.parse(before.at) - Date.parse(before.minutes.at(-1)?.at ?? '')).toBeLessThan(60_000)
  before.minutes.forEach(({ at }, index) => {
    if (index > 0) expect(Date.parse(at) - Date.parse(before.minutes[index - 1]?.at ?? '')).toBe(60_000)
  })

  await finishedJob(server)
  const { job } = await createdJob(await server.ask('/jobs/wait', { json: {} }))
  await untilStatus(server, job.id, 'running')
  await server.ask('/jobs/count?runAt=2100-01-01T00:00:00Z', { json: { to: 1 } })
  const stream = new AbortController()
  const events = await server.ask(`/jobs/${job.id}/events`, { headers: { accept: 'text/event-stream' }, signal: stream.signal })
  const during = await stats()
  expect(during.jobs).toEqual({ queued: 1, running: 1, paused: 0, completed: 1, failed: 0, cancelled: 0 })
  expect(during.types).toContainEqual({ name: 'wait', queued: 0, running: 1, paused: 0, completed: 0, failed: 0, cancelled: 0 })
  expect(during.minutes.reduce((sum, { created, completed }) => sum + created * 10 + completed, 0)).toBe(31)
  expect(during.oldestQueuedAt).toBeNull()
  expect(during.workers).toEqual([{ ...before.workers[0], running: 1 }])
  expect(during.watchers).toEqual({ sse: 1, websocket: 0, poll: 0 })
  // The events that there were count when their second is over.
  await expect.poll(async () => (await stats()).events.perSecond).toBeGreaterThan(0)
  stream.abort()
  await events.body?.cancel().catch(() => undefined)
})

it('is for whoever may read', async () => {
  expect((await fetch(`${server.url}/stats`)).status).toBe(401)
  const { token } = await finishedJob(server)
  expect((await server.ask('/stats', { headers: { authorization: `Bearer ${token}` } })).status).toBe(401)
})

it('jobs are listed by the time of their creation, too', async () => {
  const [first, second] = [(await finishedJob(server)).job, (await finishedJob(server)).job]
  const list = async (query: Record<string, string>): Promise<string[]> => {
    const answer = await server.ask(`/jobs?${new URLSearchParams({ type: 'count', ...query })}`)
    return jobPageSchema.parse(await answer.json()).jobs.map(({ id }) => id)
  }
  expect((await list({ createdAfter: first.createdAt })).slice(0, 2)).toEqual([second.id, first.id])
  const end = new Date(Date.parse(second.createdAt) + 1).toISOString().replace('Z', '+00:00')
  expect(await list({ createdAfter: second.createdAt, createdBefore: end })).toContain(second.id)
  expect(await list({ createdAfter: end })).toEqual([])
  expect(await list({ createdBefore: '2000-01-01T00:00:00Z' })).toEqual([])
  for (const wrong of ['yesterday', '2026-11-22', '1700000000']) {
    expect(await problemOf(await server.ask(`/jobs?createdAfter=${wrong}`))).toMatchObject({ code: 'VALIDATION_ERROR' })
  }
})
