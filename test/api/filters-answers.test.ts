import { expect, test } from 'vitest'
import { channelChecker } from './support/channel-checker.js'
import { openDescribedSocket } from './support/described-socket.js'
import { startDescribedServer, untilEvent } from './support/described-server.js'
import type { Answer, AskOptions } from './support/described-server.js'
import { startSources } from './support/sources.js'
import type { StreamMessage } from './support/stream-text.js'

const UNKNOWN = '00000000-0000-4000-8000-000000000000'
const LOCAL = { configuration: { name: 'Local', sources: [{ source: 'local' }] }, preFetchedContent: { local: '||a.example^' } }

function configurationOf(...sources: readonly string[]): object {
  return {
    configuration: { name: 'List', sources: sources.map((source) => ({ source })), transformations: ['Deduplicate'] },
    benchmark: true,
  }
}

function idOf(answer: Answer): string {
  return (answer.body as { readonly requestId: string }).requestId
}

test('routes answer as they are described, also when they refuse', async () => {
  const server = await startDescribedServer()
  const { ask } = server
  const { slow, missing } = await startSources()
  const done = await ask('/compile', { json: { ...LOCAL, benchmark: true } })
  expect(done.status).toBe(200)
  const running = await ask('/compile/async', { json: configurationOf(slow) })
  expect(running.status).toBe(202)
  await untilEvent(server, idOf(running), 'source:start')
  const failed = await ask('/compile/async', { json: configurationOf(missing) })
  await untilEvent(server, idOf(failed), 'failed')
  const batch = {
    requests: [
      { id: 'one', ...LOCAL },
      { id: 'two', ...configurationOf(missing) },
    ],
  }
  const expected: readonly (readonly [number, string, AskOptions?])[] = [
    [400, '/compile', { json: '{' }],
    [400, '/compile', { json: { configuration: { name: 'None', sources: [] } } }],
    [415, '/compile', { json: '{}', headers: { 'Content-Type': 'text/plain' } }],
    [502, '/compile', { json: configurationOf(missing) }],
    [400, '/compile', { json: configurationOf('/etc/hostname') }],
    [422, '/compile', { json: configurationOf('http://169.254.169.254/latest') }],
    [200, '/compile/batch', { json: batch }],
    [400, '/compile/batch', { json: { requests: [] } }],
    [202, '/compile/batch/async', { json: batch }],
    [200, `/queue/results/${idOf(done)}`],
    [200, `/queue/results/${idOf(failed)}`],
    [202, `/queue/results/${idOf(running)}`],
    [404, `/queue/results/${UNKNOWN}`],
    [401, '/compile', { json: LOCAL, key: 'no key of this server' }],
    [401, `/queue/results/${idOf(done)}`, { key: null }],
    [200, '/queue/stats', { key: null }],
    [200, '/validate', { json: { configuration: { name: 'None', sources: [{ source: '' }], unknown: 1 } } }],
    [200, `/compile/stream/${idOf(running)}/ticket`, { method: 'POST' }],
    [409, `/queue/cancel/${idOf(done)}`, { method: 'POST' }],
    [200, '/websocket-test.html', { key: null }],
  ]
  for (const [status, path, options] of expected) {
    const answer = await ask(path, options)
    expect(answer.status, `${path} ${answer.text.slice(0, 300)}`).toBe(status)
  }
  expect([200, 202]).toContain((await ask(`/queue/cancel/${idOf(running)}`, { json: { reason: 'enough' } })).status)
})

test('every message of the stream is as it is described', async () => {
  const server = await startDescribedServer()
  const { list, missing, slow } = await startSources()
  const opened = channelChecker(server.asyncApi, 'compileStream')
  const followed = channelChecker(server.asyncApi, 'compilation')
  const compile = async (...sources: readonly string[]): Promise<string> => {
    const answer = await server.ask('/compile/stream', { json: configurationOf(...sources) })
    expect(answer.status).toBe(200)
    for (const { data, event } of answer.body as readonly StreamMessage[]) opened.sent(data, event)
    return answer.headers.get('x-request-id') ?? ''
  }
  const id = await compile(list(['||a.example^', '||a.example^']))
  await compile(list(['||a.example^', '||b.example^']))
  await compile(list([]))
  await compile(missing)
  const cancelled = idOf(await server.ask('/compile/async', { json: configurationOf(slow) }))
  await untilEvent(server, cancelled, 'source:start')
  await server.ask(`/queue/cancel/${cancelled}`, { method: 'POST' })
  for (const path of [id, cancelled, `${id}?after=9999`]) {
    for (const { data, event } of await server.stream(`/compile/stream/${path}`)) followed.sent(data, event)
  }
  const missed = new Set(followed.missing)
  expect(opened.missing.filter((name) => missed.has(name))).toEqual([])
})

test('every message of /ws/compile is as it is described', async () => {
  const server = await startDescribedServer()
  const { missing, slow } = await startSources()
  const { checker, client, say } = await openDescribedSocket(server, '/ws/compile', 'compileSocket')
  say({ type: 'compile', sessionId: 'good', ...LOCAL })
  const { jobId } = await client.nextOf('compile:started')
  await client.nextOf('compile:complete')
  say({ type: 'compile', sessionId: 'bad', ...configurationOf(missing) })
  await client.nextOf('compile:error')
  say({ type: 'attach', sessionId: 'again', jobId, after: 9999 })
  await client.nextOf('compile:attached')
  await client.nextOf('reset')
  client.send({ type: 'unknown' })
  await client.nextOf('error')
  say({ type: 'compile', sessionId: 'slow', ...configurationOf(slow) })
  await client.nextOf('event')
  say({ type: 'pause', sessionId: 'slow', reason: 'lunch' })
  await client.nextOf('compile:paused')
  say({ type: 'resume', sessionId: 'slow' })
  await client.nextOf('compile:resumed')
  say({ type: 'cancel', sessionId: 'slow', reason: 'enough' })
  await client.nextOf('compile:cancelled')
  expect(checker.missing).toEqual([])
})
