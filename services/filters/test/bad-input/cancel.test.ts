import { expect, test } from 'vitest'
import { serve } from '../download/support/source-server.js'
import { configurationOf } from '../support/start.js'
import { expectNeighbourAnswered, startForMany } from './support/outcomes.js'

/** More than load at a time, and the later ones are asked for only when the earlier ones have come. */
const SOURCES = 30

test('a cancel closes the connections of all downloads, and nothing is asked for after it', async () => {
  const source = await serve(({ url = '' }, response) => {
    response.writeHead(200, { 'content-type': 'text/plain' })
    if (url.startsWith('/quick')) response.end('||quick.example^\n')
    // The others have begun and never end.
    else response.write('||slow.example^\n')
  })
  const server = await startForMany()
  const urls = Array.from({ length: SOURCES }, (_, index) => `${source.url}/${index < 2 ? 'quick' : 'slow'}/${index}`)
  const stream = await server.stream('/compile/stream', { json: { configuration: configurationOf('Cancelled', ...urls) } })
  const { requestId, token } = (await stream.seen('job')).data as { requestId: string; token: string }
  await expect.poll(() => source.requests.filter(({ url }) => url?.startsWith('/slow')).length).toBeGreaterThanOrEqual(2)

  const answer = await server.ask(`/queue/cancel/${requestId}`, { token, method: 'POST' })
  expect([200, 202]).toContain(answer.status)
  await stream.ended
  expect(stream.names.slice(-2)).toEqual(['error', 'done'])
  expect((await stream.seen('error')).data).toMatchObject({ success: false, code: 'CANCELLED' })
  await expect.poll(() => source.requests.filter(({ url, socket }) => url?.startsWith('/slow') && !socket.destroyed)).toEqual([])

  const asked = source.requests.length
  expect(asked).toBeLessThan(SOURCES)
  await expectNeighbourAnswered(server)
  expect(source.requests).toHaveLength(asked)
  expect(stream.events.filter(({ event }) => event === 'source:start').length).toBeLessThan(SOURCES)
  expect(await server.json('/queue/stats')).toMatchObject({ running: 0, cancelled: 1 })
})

test('a cancel ends the waiting before another try as well', async () => {
  const source = await serve((_request, response) => response.writeHead(503).end())
  const server = await startForMany({ downloads: { retries: 3, retryMinDelayMs: 60_000, retryMaxDelayMs: 60_000, random: () => 0.9 } })
  const stream = await server.stream('/compile/stream', { json: { configuration: configurationOf('Waits', source.url) } })
  const { requestId, token } = (await stream.seen('job')).data as { requestId: string; token: string }
  await stream.seen(({ event, data }) => event === 'diagnostic' && data['category'] === 'download')
  await server.ask(`/queue/cancel/${requestId}`, { token, method: 'POST' })
  await stream.ended
  expect((await stream.seen('error')).data).toMatchObject({ code: 'CANCELLED' })
  await expectNeighbourAnswered(server)
  expect(source.requests).toHaveLength(1)
})
