import { expect, test } from 'vitest'
import { onceForTests } from '../../../../test/support/for-tests.js'
import { startLists } from '../support/lists.js'
import { configurationOf, rulesOf, start } from '../support/start.js'

const isOf =
  (name: string, source: string) =>
  ({ event, data }: { event: string; data: Readonly<Record<string, unknown>> }): boolean =>
    event === name && (data['source'] as { source?: string } | undefined)?.source === source

const shared = onceForTests((atEnd) => start({ atEnd }))

test('each event is sent when it happens: one source is complete while another still loads', async () => {
  const lists = await startLists()
  const server = shared()
  const [quick, slow] = [lists.urlOf('quick'), lists.urlOf('slow')]
  lists.give('quick', '||quick.example^\n')

  const stream = await server.stream('/compile/stream', {
    json: { configuration: { ...configurationOf('Two', quick, slow), transformations: ['Deduplicate'] } },
  })
  await stream.seen(isOf('source:start', quick))
  await stream.seen(isOf('source:start', slow))
  await stream.seen(isOf('source:complete', quick))
  await stream.seen(({ event, data }) => event === 'network' && data['url'] === quick)
  await stream.seen(({ event, data }) => event === 'cache' && data['operation'] === 'write')
  await stream.seen('metric')
  await lists.waitedFor('slow')
  expect(stream.events.some(isOf('source:complete', slow))).toBe(false)
  expect(stream.names).not.toContain('transformation:start')

  lists.give('slow', '||slow.example^\n')
  await stream.ended
  expect(stream.names.filter((name) => name === 'source:complete')).toHaveLength(2)
  expect(stream.names).toContain('transformation:complete')
  expect(stream.names).toContain('progress')
  expect(stream.names.slice(-2)).toEqual(['result', 'done'])
  const result = await stream.seen('result')
  expect(rulesOf(result.data)).toEqual(['||quick.example^', '||slow.example^'])
  expect(result.data).toMatchObject({ success: true, cached: false, metrics: { sourceCount: 2 } })
})

test('a stream that broke off is taken up again: nothing is missing, nothing comes twice', async () => {
  const lists = await startLists()
  const server = shared()
  lists.give('a', '||a.example^\n')
  const json = { configuration: configurationOf('Broken', lists.urlOf('a'), lists.urlOf('b')) }
  const first = await server.stream('/compile/stream', { json })
  const { requestId, token } = (await first.seen('job')).data as { requestId: string; token: string }
  expect(first.answer.headers.get('x-request-id')).toBe(requestId)
  expect(first.answer.headers.get('x-job-token')).toBe(token)
  await first.seen(isOf('source:complete', lists.urlOf('a')))
  const had = [...first.events]
  first.leave()

  lists.give('b', '||b.example^\n')
  const path = `/compile/stream/${requestId}`
  const headers = { 'Last-Event-ID': had.at(-1)?.id ?? '' }
  const second = await server.stream(path, { token, headers })
  await second.ended
  const whole = await server.stream(path, { token })
  await whole.ended
  const numbered = (events: typeof had): typeof had => events.filter(({ id }) => id !== undefined)
  expect([...numbered(had), ...numbered(second.events)]).toEqual(numbered(whole.events))
  expect(whole.names.slice(-2)).toEqual(['result', 'done'])

  const last = whole.events.at(-1)?.id ?? ''
  expect((await server.ask(path, { token, headers: { 'Last-Event-ID': last } })).status).toBe(204)
  const half = await server.stream(path, { token, headers: { 'Last-Event-ID': whole.events.at(-2)?.id ?? '' } })
  await half.ended
  expect(half.names).toEqual(['job', 'done'])
})

test('a client that goes away does not end the compilation', async () => {
  const lists = await startLists()
  const server = shared()
  const stream = await server.stream('/compile/stream', { json: { configuration: configurationOf('Left', lists.urlOf('a')) } })
  const { requestId } = (await stream.seen('job')).data as { requestId: string }
  await lists.waitedFor('a')
  stream.leave()
  lists.give('a', '||a.example^\n')
  const job = await server.engine.finished(requestId, AbortSignal.timeout(60_000))
  expect(job.status).toBe('completed')
})

test('a ticket opens the stream for whoever can send no header', async () => {
  const server = shared()
  const json = { configuration: configurationOf('Ticket', 'a.txt'), preFetchedContent: { 'a.txt': '||a.example^' } }
  const created = await server.json('/compile/async', { json })
  const { streamUrl } = await server.json(`/compile/stream/${String(created['requestId'])}/ticket`, {
    method: 'POST',
    token: String(created['token']),
  })
  const path = String(streamUrl).replace(server.url, '')
  const stream = await server.stream(path)
  await stream.ended
  expect(stream.names.slice(-2)).toEqual(['result', 'done'])
  expect((await server.ask(`/compile/stream/${String(created['requestId'])}`)).status).toBe(401)
})

test('a failure is an event with a code, and the end is said', async () => {
  const lists = await startLists()
  const server = shared()
  lists.give('gone', 404)
  const stream = await server.stream('/compile/stream', { json: { configuration: configurationOf('Gone', lists.urlOf('gone')) } })
  await stream.ended
  expect(stream.names).toContain('source:error')
  expect(stream.names.slice(-2)).toEqual(['error', 'done'])
  const error = await stream.seen('error')
  expect(error.data).toMatchObject({ success: false, code: 'SOURCE_HTTP_STATUS', error: expect.stringContaining('404') as string })
  expect((await stream.seen('done')).data).toEqual({ success: false, status: 'failed' })
  expect(JSON.stringify(stream.events)).not.toMatch(/\bat .*\.js:\d+/)
})
