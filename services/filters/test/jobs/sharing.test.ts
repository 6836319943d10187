import { expect, test } from 'vitest'
import { onceForTests } from '../../../../test/support/for-tests.js'
import { startLists } from '../support/lists.js'
import { configurationOf, start } from '../support/start.js'
import type { Running } from '../support/start.js'
import type { StreamClient, StreamEvent } from '../support/stream.js'

async function begin(server: Running, ...sources: string[]): Promise<{ stream: StreamClient; requestId: string; token: string }> {
  const stream = await server.stream('/compile/stream', { json: { configuration: configurationOf('Shared', ...sources) } })
  const { requestId, token } = (await stream.seen('job')).data as { requestId: string; token: string }
  return { stream, requestId, token }
}

const shared = onceForTests((atEnd) => start({ atEnd }))

test('requests that are alike share one computation; each has all events in its own log, whoever comes late as well', async () => {
  const lists = await startLists()
  const server = shared()
  lists.give('a', '||a.example^\n')
  const first = await begin(server, lists.urlOf('a'), lists.urlOf('slow'))
  await first.stream.seen('source:complete')
  await lists.waitedFor('slow')
  const second = await begin(server, lists.urlOf('a'), lists.urlOf('slow'))
  await second.stream.seen('source:complete')
  lists.give('slow', '||slow.example^\n')
  await Promise.all([first.stream.ended, second.stream.ended])
  // A job's own beginning and end are left out.
  const isShared = ({ event, data }: StreamEvent): boolean =>
    !['job', 'diagnostic', 'metric'].includes(event) && !/ in \d+ ms$/.test(String(data['message']))
  const events = ({ stream }: typeof first): unknown[] => stream.events.filter(isShared).map(({ event, data }) => [event, data])
  expect(second.requestId).not.toBe(first.requestId)
  expect(events(second)).toEqual(events(first))
  expect([lists.asked('a'), lists.asked('slow')]).toEqual([1, 1])
})

test('a shared computation ends when the last of its jobs is cancelled', async () => {
  const lists = await startLists()
  const server = shared()
  const first = await begin(server, lists.urlOf('a'))
  await lists.waitedFor('a')
  const second = await begin(server, lists.urlOf('a'))
  await second.stream.seen('source:start')
  await server.ask(`/queue/cancel/${first.requestId}`, { method: 'POST', token: first.token })
  await first.stream.ended
  expect((await server.engine.get(first.requestId)).status).toBe('cancelled')
  expect((await server.engine.get(second.requestId)).status).toBe('running')
  await server.ask(`/queue/cancel/${second.requestId}`, { method: 'POST', token: second.token })
  await lists.abandoned('a')
  await second.stream.ended
  expect(lists.asked('a')).toBe(1)

  // A like request begins anew.
  const third = await begin(server, lists.urlOf('a'))
  await lists.waitedFor('a')
  lists.give('a', '||a.example^\n')
  await third.stream.ended
  expect(third.stream.names.at(-2)).toBe('result')
})

test('a computation that one job left goes on for the other', async () => {
  const lists = await startLists()
  const server = shared()
  const first = await begin(server, lists.urlOf('a'))
  await lists.waitedFor('a')
  const second = await begin(server, lists.urlOf('a'))
  await second.stream.seen('source:start')
  await server.ask(`/queue/cancel/${first.requestId}`, { method: 'POST', token: first.token })
  await first.stream.ended
  lists.give('a', '||a.example^\n')
  await second.stream.ended
  expect(second.stream.names.slice(-2)).toEqual(['result', 'done'])
})

test('a paused job tells nothing until it is resumed; another that shares the computation goes on', async () => {
  const lists = await startLists()
  const server = shared()
  const [rests, runs] = [await begin(server, lists.urlOf('a')), await begin(server, lists.urlOf('a'))]
  await Promise.all([rests.stream.seen('source:start'), runs.stream.seen('source:start')])
  await server.ask(`/jobs/${rests.requestId}/pause`, { method: 'POST', key: 'run' })
  await expect.poll(async () => (await server.engine.get(rests.requestId)).status).toBe('paused')
  lists.give('a', '||a.example^\n')
  await runs.stream.ended
  expect(runs.stream.names.at(-2)).toBe('result')
  expect(rests.stream.names).not.toContain('source:complete')
  await server.ask(`/jobs/${rests.requestId}/resume`, { method: 'POST', key: 'run' })
  await rests.stream.ended
  expect(rests.stream.names).toContain('source:complete')
  expect(rests.stream.names.at(-2)).toBe('result')
})

test('a job that is paused alone holds the compiler, and goes on where it was', async () => {
  const lists = await startLists()
  const server = shared()
  const job = await begin(server, lists.urlOf('a'))
  await lists.waitedFor('a')
  await server.ask(`/jobs/${job.requestId}/pause`, { method: 'POST', key: 'run' })
  await expect.poll(async () => (await server.engine.get(job.requestId)).status).toBe('paused')
  lists.give('a', '||a.example^\n')
  const head = (await server.engine.get(job.requestId)).head
  await server.ask(`/jobs/${job.requestId}/resume`, { method: 'POST', key: 'run' })
  await job.stream.ended
  expect((await server.engine.get(job.requestId)).head).toBeGreaterThan(head)
  expect(job.stream.names.slice(-2)).toEqual(['result', 'done'])
})
