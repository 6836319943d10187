import { createEngine } from '@headway/core'
import { statsSchema } from '@headway/protocol'
import type { Stats } from '@headway/protocol'
import { expect, it, onTestFinished } from 'vitest'
import { createdJob, finishedJob, untilStatus } from './support/answers.js'
import { testJobs } from './support/jobs.js'
import { RUN_KEY, startNode, startServer } from './support/start.js'

it('every node tells of all: who works, who watches, what is written', async () => {
  const first = await startServer({ manyNodes: true })
  onTestFinished(() => first.stop())
  const { stores } = first.engine
  const engine = createEngine({ stores, jobTypes: testJobs(), work: 'none' })
  await engine.start()
  const door = await startNode(engine, { manyNodes: true })
  const end = async (): Promise<void> => {
    await door.server.close()
    await engine.close()
  }
  onTestFinished(end)
  const statsOf = async (url: string): Promise<Stats> =>
    statsSchema.parse(await (await fetch(`${url}/stats`, { headers: { 'x-api-key': RUN_KEY } })).json())

  const { job } = await createdJob(await first.ask('/jobs/wait', { json: {} }))
  await untilStatus(first, job.id, 'running')
  // The door runs nothing: it tells of the one that works, which has told it how it is.
  await expect
    .poll(async () => (await statsOf(door.url)).workers)
    .toEqual([{ id: expect.any(String) as string, running: 1, slots: 100, since: expect.any(String) as string, self: false }])
  expect((await statsOf(first.url)).workers).toMatchObject([{ running: 1, slots: 100, self: true }])

  const gone = new AbortController()
  onTestFinished(() => gone.abort())
  await fetch(`${door.url}/jobs/${job.id}/events`, { headers: { accept: 'text/event-stream', 'x-api-key': RUN_KEY }, signal: gone.signal })
  expect((await statsOf(door.url)).watchers).toEqual({ sse: 1, websocket: 0, poll: 0 })
  await finishedJob(first)
  await expect.poll(async () => (await statsOf(first.url)).watchers.sse).toBe(1)
  gone.abort()
  await end()
  await expect.poll(async () => (await statsOf(first.url)).watchers.sse).toBe(0)
})
