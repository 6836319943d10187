import { expect, test } from 'vitest'
import { onceForTests } from '../../../../test/support/for-tests.js'
import { startLists } from '../support/lists.js'
import { start } from '../support/start.js'

const shared = onceForTests((atEnd) => start({ atEnd }))

test('a compilation tells of its beginning and its end, of doubts and of its speed', async () => {
  const server = shared()
  const configuration = {
    name: 'My list',
    sources: [{ source: 'a' }, { source: 'b', transformations: ['RemoveComments'] }],
    transformations: ['TrimLines', 'Deduplicate', 'TrimLines'],
  }
  const preFetchedContent = { a: '||a.example^', b: '! nothing' }
  const stream = await server.stream('/compile/stream', { json: { configuration, preFetchedContent } })
  await stream.ended
  const [job, first] = stream.events
  expect(first).toMatchObject({ event: 'log', data: { level: 'info', message: 'Compiling "My list" from 2 sources' } })
  const diagnostics = stream.events.filter(({ event }) => event === 'diagnostic').map(({ data }) => data)
  const correlationId = job?.data['requestId']
  expect(diagnostics).toMatchObject([
    { category: 'compilation', severity: 'info', message: 'The compilation begins.', correlationId },
    { category: 'validation', severity: 'warn', message: expect.stringContaining('TrimLines is given more than once'), correlationId },
    { category: 'validation', severity: 'warn', message: 'b gave no rules.', correlationId },
    { category: 'compilation', severity: 'info', message: 'The compilation is done.', correlationId },
  ])
  const metrics = stream.events.filter(({ event }) => event === 'metric').map(({ data }) => data)
  expect(metrics).toMatchObject([
    { metric: 'compilation_time', unit: 'ms', value: expect.any(Number) },
    { metric: 'rules_per_second', unit: 'rules/s', value: expect.any(Number) },
  ])
  expect(stream.events.at(-3)).toMatchObject({ event: 'log', data: { message: expect.stringMatching(/^\d+ lines in \d+ ms$/) } })
})

test('durations are told to the hundredth of a millisecond, in events and in the result', async () => {
  const server = shared()
  const configuration = { name: 'D', sources: [{ source: 'a', transformations: ['Compress'] }], transformations: ['Deduplicate'] }
  const json = { configuration, preFetchedContent: { a: '0.0.0.0 a.example' }, benchmark: true }
  const stream = await server.stream('/compile/stream', { json })
  await stream.ended
  const durations = [...JSON.stringify(stream.events).matchAll(/"(?:durationMs|totalDurationMs)":([\d.e-]+)/g)].map(([, text = '']) => text)
  expect(durations.length).toBeGreaterThan(6)
  for (const text of durations) expect(text).toMatch(/^\d+(\.\d{1,2})?$/)
})

test('the progress of the native job never goes back', async () => {
  const lists = await startLists()
  for (const name of ['a', 'b', 'c']) lists.give(name, `||${name}.example^\n`)
  const server = shared()
  const sources = ['a', 'b', 'c'].map((name) => ({ source: lists.urlOf(name) }))
  const { requestId } = await server.json('/compile/async', { json: { configuration: { name: 'P', sources } } })
  const id = String(requestId)
  const shares: number[] = []
  const whole: unknown[] = []
  for await (const events of server.engine.follow(id, { after: 0, signal: AbortSignal.timeout(20_000) })) {
    for (const { type, data } of events) {
      if (type !== 'progress') continue
      const { done, total } = data as { done: number; total: number }
      shares.push(done / total)
      whole.push(data)
    }
  }
  expect(shares.length).toBeGreaterThan(3)
  expect(shares).toEqual(shares.toSorted((one, other) => one - other))
  expect(shares.at(-1)).toBe(1)
  // The contract's own words are there as before.
  expect(whole).toContainEqual(expect.objectContaining({ phase: 'sources', current: 3, of: 3 }))
})

test('a batch of ten lists warns of nothing', async () => {
  const warnings: Error[] = []
  const hear = (warning: Error): unknown => warnings.push(warning)
  process.on('warning', hear)
  try {
    const lists = await startLists()
    const server = shared()
    const requests = Array.from({ length: 10 }, (_, index) => ({
      id: String(index),
      configuration: { name: `L${index}`, sources: [{ source: lists.urlOf('slow') }] },
    }))
    const answer = server.json('/compile/batch', { json: { requests } })
    await lists.waitedFor('slow')
    lists.give('slow', '||slow.example^\n')
    expect(await answer).toMatchObject({ success: true })
    await new Promise((resolve) => setImmediate(resolve))
    expect(warnings.map(({ name, message }) => `${name}: ${message}`)).toEqual([])
  } finally {
    process.off('warning', hear)
  }
})
