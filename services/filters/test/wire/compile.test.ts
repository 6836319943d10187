import { expect, test } from 'vitest'
import { onceForTests } from '../../../../test/support/for-tests.js'
import { startLists } from '../support/lists.js'
import { configurationOf, rulesOf, start } from '../support/start.js'

const shared = onceForTests((atEnd) => start({ atEnd }))

test('POST /compile answers with the list, and with an earlier result only while its sources are the same', async () => {
  const lists = await startLists()
  const server = shared()
  lists.give('a', '||a.example^\n||b.example^\n')
  const json = { configuration: configurationOf('Cached', lists.urlOf('a')), benchmark: true }

  const first = await server.ask('/compile', { json })
  expect(first.status).toBe(200)
  expect(first.headers.get('x-cache')).toBe('MISS')
  expect(first.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/)
  const made = (await first.json()) as Record<string, unknown>
  expect(made).toMatchObject({ success: true, cached: false, requestId: first.headers.get('x-request-id') })
  expect(made['metrics']).toMatchObject({
    sourceCount: 1,
    ruleCount: made['ruleCount'],
    transformationMetrics: expect.any(Array) as unknown,
  })
  expect(rulesOf(made)).toEqual(['||a.example^', '||b.example^'])
  expect(made['diff']).toBeUndefined()

  const second = await server.ask('/compile', { json })
  expect(second.headers.get('x-cache')).toBe('HIT')
  const again = (await second.json()) as Record<string, unknown>
  expect(again).toMatchObject({ cached: true, rules: made['rules'], compiledAt: made['compiledAt'], diff: { added: 0, removed: 0 } })
  // The source was looked at again.
  expect(lists.asked('a')).toBe(2)

  lists.give('a', '||b.example^\n||c.example^\n||d.example^\n')
  const third = await server.ask('/compile', { json })
  expect(third.headers.get('x-cache')).toBe('MISS')
  expect(await third.json()).toMatchObject({
    cached: false,
    diff: { added: 2, removed: 1, addedExamples: ['||c.example^', '||d.example^'], removedExamples: ['||a.example^'] },
  })
})

test('a hit says what it looked at, and that nothing had to be compiled', async () => {
  const lists = await startLists()
  const server = shared()
  lists.give('a', '||a.example^\n')
  lists.give('b', '||b.example^\n')
  const json = {
    configuration: { ...configurationOf('Hit', lists.urlOf('a'), lists.urlOf('b'), 'own'), transformations: ['Deduplicate'] },
    preFetchedContent: { own: '||own.example^' },
  }
  await server.json('/compile', { json })
  lists.hold('b')
  const stream = await server.stream('/compile/stream', { json })
  const complete = (index: number) => (event: { event: string; data: Readonly<Record<string, unknown>> }) =>
    event.event === 'source:complete' && event.data['sourceIndex'] === index
  await stream.seen(complete(0))
  await stream.seen(complete(2))
  expect(stream.events.some(complete(1))).toBe(false)
  lists.give('b', '||b.example^\n')
  await stream.ended
  expect(stream.names.filter((name) => name === 'source:start')).toHaveLength(3)
  expect(stream.names.filter((name) => name === 'source:complete')).toHaveLength(3)
  expect(stream.names).not.toContain('transformation:start')
  expect(stream.events.some(({ event, data }) => event === 'cache' && data['operation'] === 'hit')).toBe(true)
  expect((await stream.seen('result')).data).toMatchObject({ cached: true })
})

test('when a source differs, each source is told of once all the same', async () => {
  const lists = await startLists()
  const server = shared()
  lists.give('a', '||a.example^\n')
  lists.give('b', '||b.example^\n')
  const json = { configuration: configurationOf('Differs', lists.urlOf('a'), lists.urlOf('b')) }
  await server.json('/compile', { json })
  lists.give('a', '||new.example^\n')
  const stream = await server.stream('/compile/stream', { json })
  await stream.ended
  expect(stream.names.filter((name) => name === 'source:start')).toHaveLength(2)
  expect(stream.names.filter((name) => name === 'source:complete')).toHaveLength(2)
  expect(stream.events.filter(({ event }) => event === 'diff').map(({ data }) => data)).toMatchObject([{ added: 1, removed: 1 }])
  expect(rulesOf((await stream.seen('result')).data)).toEqual(['||new.example^', '||b.example^'])
  // Nothing was loaded twice.
  expect([lists.asked('a'), lists.asked('b')]).toEqual([2, 2])
})

test('texts that come with the request stand for sources, small and large ones', async () => {
  const server = shared()
  const many = Array.from({ length: 60_000 }, (_, index) => `||host-${index}.example^`)
  const json = {
    configuration: configurationOf('Sent along', 'many.txt', 'few.txt'),
    preFetchedContent: { 'many.txt': many.join('\n'), 'few.txt': '||ä.example^' },
  }
  expect(JSON.stringify(json).length).toBeGreaterThan(1024 * 1024)
  const answer = await server.json('/compile', { json })
  expect(rulesOf(answer)).toEqual([...many, '||ä.example^'])
  const again = await server.ask('/compile', { json })
  expect(again.headers.get('x-cache')).toBe('HIT')
  expect(rulesOf((await again.json()) as Record<string, unknown>)).toHaveLength(60_001)
})

test('a key makes one compilation, also of large texts', async () => {
  const server = shared()
  const json = { configuration: configurationOf('Once', 'a.txt'), preFetchedContent: { 'a.txt': '||a.example^\n'.repeat(10_000) } }
  const headers = { 'Idempotency-Key': 'c0ffee00-1111-4222-8333-444455556666' }
  const first = await server.json('/compile/async', { json, headers })
  const second = await server.ask('/compile/async', { json, headers })
  expect(second.headers.get('idempotent-replayed')).toBe('true')
  expect(await second.json()).toMatchObject({ requestId: first['requestId'] })
  const other = { ...json, preFetchedContent: { 'a.txt': '||b.example^\n'.repeat(10_000) } }
  expect((await server.ask('/compile/async', { json: other, headers })).status).toBe(409)
})

test('a client that goes away from POST /compile does not end the compilation', async () => {
  const lists = await startLists()
  const server = shared()
  const leave = new AbortController()
  const asking = server.ask('/compile', { json: { configuration: configurationOf('Left', lists.urlOf('a')) }, signal: leave.signal })
  await lists.waitedFor('a')
  leave.abort()
  await expect(asking).rejects.toThrow()
  lists.give('a', '||a.example^\n')
  await expect
    .poll(async () => (await server.engine.list({ types: ['compile-filters'], limit: 1 })).items.map(({ status }) => status))
    .toEqual(['completed'])
})

test('failures are told with a status, a code and a text', async () => {
  const lists = await startLists()
  const server = shared()
  lists.give('gone', 500)
  const gone = await server.ask('/compile', { json: { configuration: configurationOf('Gone', lists.urlOf('gone')) } })
  expect(gone.status).toBe(502)
  expect(await gone.json()).toMatchObject({ success: false, code: 'SOURCE_HTTP_STATUS' })
  const blocked = await server.ask('/compile', { json: { configuration: configurationOf('Inside', 'http://169.254.169.254/latest') } })
  expect(blocked.status).toBe(422)
  expect(await blocked.json()).toMatchObject({ success: false, code: 'BLOCKED_ADDRESS' })
  const path = await server.ask('/compile', { json: { configuration: configurationOf('File', '/etc/passwd') } })
  expect(path.status).toBe(400)
  expect(await path.json()).toMatchObject({ code: 'VALIDATION_ERROR', errors: [{ pointer: '/configuration/sources/0/source' }] })
})

test('with onSourceError: skip a list without a source is made, and it is not kept as the result', async () => {
  const lists = await startLists()
  const server = await start({ onSourceError: 'skip' })
  lists.give('good', '||good.example^\n')
  lists.give('bad', 500)
  const json = { configuration: configurationOf('Skip', lists.urlOf('good'), lists.urlOf('bad')) }
  const first = await server.json('/compile', { json })
  expect(first).toMatchObject({ success: true, metrics: { sources: [{}, { error: expect.any(String) as string }] } })
  expect(rulesOf(first)).toEqual(['||good.example^'])
  lists.give('bad', '||bad.example^\n')
  const second = await server.ask('/compile', { json })
  expect(second.headers.get('x-cache')).toBe('MISS')
  expect(rulesOf((await second.json()) as Record<string, unknown>)).toEqual(['||good.example^', '||bad.example^'])
})

test('results that were not asked for make room, and that is said', async () => {
  const server = await start({ resultCacheBytes: 16_000 })
  const json = (name: string): object => ({
    configuration: configurationOf(name, 'own'),
    preFetchedContent: { own: `||${name}.example^\n`.repeat(50) },
  })
  await server.json('/compile', { json: json('first') })
  const stream = await server.stream('/compile/stream', { json: json('other') })
  await stream.ended
  const operations = stream.events.filter(({ event }) => event === 'cache').map(({ data }) => data['operation'])
  expect(operations).toEqual(['miss', 'evict', 'write'])
  const again = await server.ask('/compile', { json: json('first') })
  expect(again.headers.get('x-cache')).toBe('MISS')
})
