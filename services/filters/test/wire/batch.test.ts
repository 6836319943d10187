import { expect, test } from 'vitest'
import { onceForTests } from '../../../../test/support/for-tests.js'
import { startLists } from '../support/lists.js'
import { configurationOf, rulesOf, start } from '../support/start.js'

const requestOf = (id: string, rule = `||${id}.example^`): Record<string, unknown> => ({
  id,
  configuration: configurationOf(id, 'own'),
  preFetchedContent: { own: rule },
})

const shared = onceForTests((atEnd) => start({ atEnd }))

test('a batch compiles each list on its own and answers in the order of the requests', async () => {
  const lists = await startLists()
  const server = shared()
  lists.give('bad', 404)
  const requests = [
    requestOf('one'),
    { id: 'two', configuration: configurationOf('two', lists.urlOf('bad')) },
    requestOf('three', '||three.example^\n'.repeat(5000)),
  ]
  const answer = await server.ask('/compile/batch', { json: { requests } })
  expect(answer.status).toBe(200)
  const { success, results } = (await answer.json()) as { success: boolean; results: Record<string, unknown>[] }
  expect(success).toBe(true)
  expect(results.map(({ id, success: done }) => [id, done])).toEqual([
    ['one', true],
    ['two', false],
    ['three', true],
  ])
  expect(rulesOf(results[0] ?? {})).toEqual(['||one.example^'])
  expect(results[1]).toMatchObject({ code: 'SOURCE_HTTP_STATUS', error: expect.stringContaining('404') as string })
  expect(rulesOf(results[2] ?? {})).toHaveLength(5000)
})

test('at most ten, each with an id of its own', async () => {
  const server = shared()
  const many = Array.from({ length: 11 }, (_, index) => requestOf(`list-${index}`))
  const codes: unknown[] = []
  for (const requests of [many, [], [requestOf('same'), requestOf('same')], [{ id: 'bad', configuration: {} }]]) {
    const answer = await server.ask('/compile/batch', { json: { requests } })
    codes.push([answer.status, ((await answer.json()) as { errors: { pointer: string }[] }).errors[0]?.pointer])
  }
  expect(codes).toEqual([
    [400, '/requests'],
    [400, '/requests'],
    [400, '/requests/1/id'],
    [400, expect.stringMatching(/^\/requests\/0\/configuration/)],
  ])
  const ten = await server.json('/compile/batch', { json: { requests: many.slice(0, 10) } })
  expect(ten['results']).toHaveLength(10)
})

test('a batch in the background', async () => {
  const lists = await startLists()
  const server = shared()
  const requests = [requestOf('one'), { id: 'two', configuration: configurationOf('two', lists.urlOf('a')) }]
  const answer = await server.ask('/compile/batch/async', { json: { requests } })
  expect(answer.status).toBe(202)
  const { requestId, token, batchSize } = (await answer.json()) as { requestId: string; token: string; batchSize: number }
  expect(batchSize).toBe(2)
  await lists.waitedFor('a')
  const path = `/queue/results/${requestId}`
  await expect.poll(() => server.json(path, { token })).toMatchObject({ status: 'running', progress: { current: 1, total: 2 } })
  lists.give('a', '||a.example^\n')
  await server.engine.finished(requestId, AbortSignal.timeout(60_000))
  expect(await server.json(path, { token })).toMatchObject({
    success: true,
    requestId,
    status: 'completed',
    results: [
      { id: 'one', success: true },
      { id: 'two', success: true },
    ],
  })
})

test('a batch that is cancelled stops all of its downloads', async () => {
  const lists = await startLists()
  const server = shared()
  const requests = ['a', 'b'].map((name) => ({ id: name, configuration: configurationOf(name, lists.urlOf(name)) }))
  const { requestId, token } = (await server.json('/compile/batch/async', { json: { requests } })) as { requestId: string; token: string }
  await Promise.all([lists.waitedFor('a'), lists.waitedFor('b')])
  await server.ask(`/queue/cancel/${requestId}`, { token, method: 'POST' })
  await Promise.all([lists.abandoned('a'), lists.abandoned('b')])
  const job = await server.engine.finished(requestId, AbortSignal.timeout(60_000))
  expect(job.status).toBe('cancelled')
})

test('a batch that is cancelled gives the lists that were done', async () => {
  const lists = await startLists()
  const server = shared()
  const requests = [
    requestOf('done'),
    { id: 'slow', configuration: configurationOf('slow', lists.urlOf('slow')) },
    { id: 'bad', configuration: configurationOf('bad', lists.urlOf('bad')) },
  ]
  lists.give('bad', 404)
  const { requestId, token } = (await server.json('/compile/batch/async', { json: { requests } })) as { requestId: string; token: string }
  const path = `/queue/results/${requestId}`
  await expect.poll(() => server.json(path, { token })).toMatchObject({ progress: { current: 2 } })
  await server.ask(`/queue/cancel/${requestId}`, { token, method: 'POST' })
  await server.engine.finished(requestId, AbortSignal.timeout(60_000))
  const answer = await server.json(path, { token })
  expect(answer).toMatchObject({
    success: false,
    status: 'cancelled',
    code: 'CANCELLED',
    results: [
      { id: 'done', success: true, ruleCount: expect.any(Number) },
      { id: 'slow', success: false, code: 'CANCELLED' },
      { id: 'bad', success: false, code: 'SOURCE_HTTP_STATUS' },
    ],
  })
  expect(rulesOf((answer['results'] as Record<string, unknown>[])[0] ?? {})).toEqual(['||done.example^'])
})
