import { expect, test } from 'vitest'
import { startLists } from '../support/lists.js'
import { configurationOf, rulesOf, start } from '../support/start.js'

test('a compilation in the background: pending, then its result', async () => {
  const lists = await startLists()
  const server = await start()
  const answer = await server.ask('/compile/async', { json: { configuration: configurationOf('Later', lists.urlOf('a')) } })
  expect(answer.status).toBe(202)
  const { requestId, token, resultsUrl, streamUrl, cancelUrl, status } = (await answer.json()) as Record<string, string>
  expect([answer.headers.get('x-request-id'), answer.headers.get('x-job-token'), status]).toEqual([requestId, token, 'pending'])
  expect([resultsUrl, streamUrl, cancelUrl]).toEqual([
    `${server.url}/queue/results/${requestId}`,
    `${server.url}/compile/stream/${requestId}`,
    `${server.url}/queue/cancel/${requestId}`,
  ])
  await lists.waitedFor('a')
  const path = `/queue/results/${requestId}`
  const pending = await server.ask(path, { token: token ?? '' })
  expect(pending.status).toBe(202)
  expect(pending.headers.get('retry-after')).toBe('2')
  expect(await pending.json()).toMatchObject({ success: true, requestId, status: 'running' })
  expect(await server.json('/queue/stats')).toMatchObject({ success: true, pending: 0, running: 1, completed: 0 })

  lists.give('a', '||a.example^\n')
  await server.engine.finished(requestId ?? '', AbortSignal.timeout(60_000))
  const result = await server.json(path, { token: token ?? '' })
  expect(result).toMatchObject({ success: true, requestId, status: 'completed', ruleCount: expect.any(Number) as number })
  expect(rulesOf(result)).toEqual(['||a.example^'])
  const stats = await server.json('/queue/stats')
  expect(stats).toMatchObject({ running: 0, completed: 1, failed: 0, cancelled: 0 })
  expect(stats['averageProcessingTime']).toBeGreaterThan(0)
})

test('what waits for a thread is pending, and its stream says so', async () => {
  const lists = await startLists()
  const server = await start({ concurrency: 1 })
  const begin = (name: string): ReturnType<typeof server.stream> =>
    server.stream('/compile/stream', { json: { configuration: configurationOf(name, lists.urlOf(name)) } })
  await begin('first')
  await lists.waitedFor('first')
  const second = await begin('second')
  const waiting = await second.seen(({ event, data }) => event === 'progress' && data['phase'] === 'waiting')
  expect(waiting.data).toMatchObject({ current: 0, total: 1, message: 'Waiting for other compilations to end' })
  const batch = { requests: ['a', 'b'].map((id) => ({ id, configuration: configurationOf(id, lists.urlOf(id)) })) }
  expect((await server.ask('/compile/batch/async', { json: batch })).status).toBe(202)
  await expect.poll(() => server.json('/queue/stats')).toMatchObject({ pending: 2, running: 1 })
  for (const name of ['first', 'second', 'a', 'b']) lists.give(name, '||a.example^\n')
  await second.ended
  expect(second.names.at(-1)).toBe('done')
  await expect.poll(() => server.json('/queue/stats')).toMatchObject({ pending: 0, running: 0, completed: 3 })
})

test('figures of compilations that are over count all that ever were, also when their results are not kept any more', async () => {
  const server = await start({ engine: { retention: { default: { maxFinished: 1 } }, sweepMs: 10 } })
  const json = { configuration: configurationOf('Small', 'a'), preFetchedContent: { a: '||a.example^' } }
  for (let done = 1; done <= 3; done++) {
    await server.json('/compile', { json })
    expect(await server.json('/queue/stats')).toMatchObject({ completed: done })
  }
  await expect.poll(async () => (await server.engine.list({ limit: 10 })).items.length).toBe(1)
  expect(await server.json('/queue/stats')).toMatchObject({ completed: 3 })
  await server.stop()
  const again = await start({ folder: server.folder })
  expect(await again.json('/queue/stats')).toMatchObject({ completed: 3, failed: 0 })
})

test('cancel stops the download', async () => {
  const lists = await startLists()
  const server = await start()
  const stream = await server.stream('/compile/stream', { json: { configuration: configurationOf('Cancelled', lists.urlOf('a')) } })
  const { requestId, token } = (await stream.seen('job')).data as { requestId: string; token: string }
  await lists.waitedFor('a')
  const asked = await server.ask(`/queue/cancel/${requestId}`, { token, json: { reason: 'changed my mind' } })
  expect([200, 202]).toContain(asked.status)
  await lists.abandoned('a')
  await stream.ended
  expect(stream.names.slice(-2)).toEqual(['error', 'done'])
  expect((await stream.seen('error')).data).toMatchObject({
    code: 'CANCELLED',
    error: expect.stringContaining('changed my mind') as string,
  })
  expect(await server.json(`/queue/results/${requestId}`, { token })).toMatchObject({
    success: false,
    status: 'cancelled',
    code: 'CANCELLED',
  })
  expect((await server.ask(`/queue/cancel/${requestId}`, { token, method: 'POST' })).status).toBe(200)
  expect(await server.json('/queue/stats')).toMatchObject({ cancelled: 1, running: 0 })
})

test('what is over can not be cancelled', async () => {
  const server = await start()
  const json = { configuration: configurationOf('Over', 'a'), preFetchedContent: { a: '||a.example^' } }
  const answer = await server.ask('/compile', { json })
  const token = answer.headers.get('x-job-token') ?? ''
  const refused = await server.ask(`/queue/cancel/${answer.headers.get('x-request-id')}`, { token, method: 'POST' })
  expect(refused.status).toBe(409)
  expect(await refused.json()).toMatchObject({ success: false, code: 'JOB_FINISHED' })
})

test('jobs of compilations are jobs like all others, and figures of them are in /metrics', async () => {
  const lists = await startLists()
  const server = await start()
  lists.give('a', '||a.example^\n')
  const native = await server.json('/jobs/compile-filters', {
    key: 'run',
    json: { configuration: { ...configurationOf('Native', lists.urlOf('a')), transformations: ['Deduplicate'] } },
    headers: { Prefer: 'wait=60' },
  })
  expect(native['job']).toMatchObject({ type: 'compile-filters', status: 'completed', result: { cached: false } })
  const metrics = await (await server.ask('/metrics', { key: 'read' })).text()
  expect(metrics).toContain('headway_filters_compilations_total{outcome="completed"} 1')
  expect(metrics).toContain('headway_filters_downloads_total{status="200"} 1')
  expect(metrics).toMatch(/headway_filters_transformation_duration_seconds_count\{name="Deduplicate"\} 1/)
  expect(metrics).toContain('headway_filters_computations 0')
})
