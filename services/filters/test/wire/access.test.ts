import { once } from 'node:events'
import { expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { onceForTests } from '../../../../test/support/for-tests.js'
import { startLists } from '../support/lists.js'
import { configurationOf, start } from '../support/start.js'

const json = { configuration: configurationOf('Mine', 'a'), preFetchedContent: { a: '||a.example^' } }

const shared = onceForTests((atEnd) => start({ atEnd }))

test("others' compilations are read and cancelled only with their token or a key", async () => {
  const server = shared()
  const mine = (await server.json('/compile/async', { json })) as { requestId: string; token: string }
  const theirs = (await server.json('/compile/async', { json })) as { requestId: string; token: string }
  await server.engine.finished(mine.requestId, AbortSignal.timeout(60_000))
  const status = async (path: string, more = {}): Promise<number> => {
    const answer = await server.ask(path, more)
    await answer.body?.cancel()
    return answer.status
  }
  for (const path of [`/queue/results/${mine.requestId}`, `/compile/stream/${mine.requestId}`]) {
    expect(await status(path)).toBe(401)
    expect(await status(path, { token: theirs.token })).toBe(403)
    expect(await status(path, { token: mine.token })).toBe(200)
    expect(await status(path, { headers: { 'X-Job-Token': mine.token } })).toBe(200)
    expect(await status(path, { headers: { 'X-Job-Token': theirs.token } })).toBe(403)
    expect(await status(path, { key: 'read' })).toBe(200)
  }
  const cancel = `/queue/cancel/${mine.requestId}`
  expect(await status(cancel, { method: 'POST' })).toBe(401)
  expect(await status(cancel, { method: 'POST', key: 'read' })).toBe(403)
  expect(await status(cancel, { method: 'POST', token: theirs.token })).toBe(403)
  expect(await status(cancel, { method: 'POST', key: 'run' })).toBe(409)
})

test('access: key refuses whoever has none', async () => {
  const server = await start({ access: 'key' })
  for (const path of ['/compile', '/compile/stream', '/compile/async']) {
    const answer = await server.ask(path, { json })
    expect(answer.status).toBe(401)
    expect(await answer.json()).toMatchObject({ success: false, code: 'UNAUTHORIZED' })
  }
  expect((await server.ask('/compile/batch', { json: { requests: [{ id: 'a', ...json }] } })).status).toBe(401)
  expect((await server.ask('/queue/stats')).status).toBe(401)
  expect((await server.ask('/validate', { json })).status).toBe(401)
  expect((await server.ask('/compile', { json, key: 'read' })).status).toBe(403)
  expect((await server.ask('/compile', { json, key: 'run' })).status).toBe(200)
})

test('access: key: who has none uses up no compilations of its address, neither over HTTP nor over WebSocket', async () => {
  const server = await start({ access: 'key', rateLimit: { requests: 2, windowSeconds: 60 } })
  for (const path of ['/compile', '/compile/stream', '/compile/async', '/compile/batch']) {
    const answer = await server.ask(path, { json })
    expect([answer.status, answer.headers.get('ratelimit')]).toEqual([401, null])
  }
  expect((await server.ask('/compile', { json, headers: { 'X-API-Key': 'no-such-key-0123456789' } })).status).toBe(401)
  expect((await server.ask('/compile', { json, key: 'read' })).status).toBe(403)
  for (const protocols of [[], ['no-such-key-0123456789']]) {
    for (let times = 0; times < 2; times++) {
      const socket = new WebSocket(`${server.url.replace('http', 'ws')}/ws/compile`, protocols)
      const [code] = (await once(socket, 'close')) as [number]
      expect(code).toBe(4401)
    }
  }
  expect((await server.ask('/compile', { json, key: 'run' })).headers.get('ratelimit')).toContain('r=1')
})

test('an address may begin so many compilations a minute', async () => {
  const server = await start({ rateLimit: { requests: 2, windowSeconds: 60 } })
  const first = await server.ask('/compile', { json })
  expect(first.headers.get('ratelimit')).toContain('r=1')
  expect((await server.ask('/compile/async', { json })).status).toBe(202)
  for (const path of ['/compile', '/compile/stream', '/compile/async', '/compile/batch', '/compile/batch/async']) {
    const answer = await server.ask(path, { json })
    expect(answer.status).toBe(429)
    expect(answer.headers.get('retry-after')).toBe('60')
    expect(answer.headers.get('ratelimit')).toContain('r=0')
    expect(await answer.json()).toMatchObject({ success: false, code: 'RATE_LIMIT_EXCEEDED' })
  }
  // What only reads is not counted there.
  expect((await server.ask('/queue/stats')).status).toBe(200)
})

test('a name alone does not open the previous list of somebody else', async () => {
  const lists = await startLists()
  const server = shared()
  lists.give('a', '||a.example^\n')
  const list = (rule: string): object => ({ configuration: configurationOf('Same name', 'own'), preFetchedContent: { own: rule } })
  await server.json('/compile', { json: list('||secret.example^'), key: 'run' })
  const other = await server.json('/compile', { json: list('||other.example^') })
  expect(other['diff']).toBeUndefined()
  const again = await server.json('/compile', { json: list('||third.example^'), key: 'admin' })
  expect(again['diff']).toMatchObject({ added: 1, removed: 1, removedExamples: ['||secret.example^'] })
})

test('secrets in the URLs of sources are in no event and no answer but the list itself', async () => {
  const lists = await startLists()
  const server = shared()
  lists.give('a?key=s3cret-key', '||a.example^\n')
  const secret = lists.urlOf('a?key=s3cret-key').replace('http://', 'http://me:passw0rd@')
  for (const source of [secret, secret.replace('/a?', '/gone?')]) {
    lists.give('gone?key=s3cret-key', 404)
    const stream = await server.stream('/compile/stream', { json: { configuration: configurationOf('Secret', source) } })
    await stream.ended
    const told = stream.events.slice(1).map(({ event, data }) => [event, event === 'result' ? data['metrics'] : data])
    expect(JSON.stringify(told)).toContain(lists.urlOf('').slice(7))
    expect(JSON.stringify(told)).not.toMatch(/s3cret|passw0rd/)
  }
})
