import { expect, test } from 'vitest'
import { startLists } from '../support/lists.js'
import { configurationOf, start } from '../support/start.js'
import type { Running } from '../support/start.js'

interface Begun {
  readonly requestId: string
  readonly token: string
}

const TEXT = { configuration: configurationOf('Small', 'x'), preFetchedContent: { x: '||x.example^\n' } }

async function begin(server: Running, name: string, source: string): Promise<Begun> {
  return (await server.json('/compile/async', { json: { configuration: configurationOf(name, source) } })) as unknown as Begun
}

async function control(server: Running, { requestId, token }: Begun, what: 'pause' | 'resume' | 'cancel'): Promise<void> {
  expect((await server.ask(`/jobs/${requestId}/${what}`, { method: 'POST', token })).status).toBeLessThan(300)
}

async function status(server: Running, { requestId }: Begun): Promise<string> {
  return (await server.engine.get(requestId)).status
}

test('paused compilations, however many, stop nobody', async () => {
  const lists = await startLists()
  const server = await start({ maxOpen: 0, concurrency: 2, maxRestMs: 50, engine: { concurrency: 4 } })
  const all = await Promise.all(Array.from({ length: 70 }, (_, index) => begin(server, `L${index}`, lists.urlOf(`l${index}`))))
  for (const one of all) await control(server, one, 'pause')
  await expect.poll(async () => (await Promise.all(all.map((one) => status(server, one)))).every((is) => is === 'paused')).toBe(true)
  expect((await server.ask('/compile', { json: TEXT })).status).toBe(200)
})

test('a compilation that rests for long gives its thread back, and begins again when it is resumed', async () => {
  const lists = await startLists()
  const server = await start({ concurrency: 1, maxRestMs: 30 })
  const stream = await server.stream('/compile/stream', { json: { configuration: configurationOf('Rests', lists.urlOf('a')) } })
  const job = (await stream.seen('job')).data as unknown as Begun
  await lists.waitedFor('a')
  await control(server, job, 'pause')
  await stream.seen(({ data }) => /rests for so long/.test(String(data['message'])))
  await lists.abandoned('a')
  expect((await server.ask('/compile', { json: TEXT })).status).toBe(200)
  lists.give('a', '||a.example^\n')
  await control(server, job, 'resume')
  await stream.ended
  expect(stream.names.filter((name) => name === 'source:start')).toHaveLength(2)
  expect(stream.names.slice(-2)).toEqual(['result', 'done'])
})

test('a compilation that is paused for too long is cancelled, with the reason', async () => {
  const lists = await startLists()
  const server = await start({ maxPauseMs: 200, maxRestMs: 50 })
  const stream = await server.stream('/compile/stream', { json: { configuration: configurationOf('Forgotten', lists.urlOf('a')) } })
  const job = (await stream.seen('job')).data as unknown as Begun
  await lists.waitedFor('a')
  await control(server, job, 'pause')
  await stream.ended
  expect(stream.events.at(-2)).toMatchObject({
    event: 'error',
    data: { code: 'CANCELLED', error: expect.stringContaining('paused for longer than') },
  })
})

test('an address has so many compilations open at a time and no more, whether they run, wait or rest; keys have no limit', async () => {
  const lists = await startLists()
  const server = await start({ maxOpen: 3, concurrency: 1 })
  const first = await begin(server, 'One', lists.urlOf('a'))
  await lists.waitedFor('a')
  const second = await begin(server, 'Two', lists.urlOf('b'))
  const third = await begin(server, 'Three', lists.urlOf('c'))
  await control(server, third, 'pause')
  const refused = await server.ask('/compile/async', { json: TEXT })
  expect(refused.status).toBe(429)
  expect(await refused.json()).toMatchObject({ success: false, code: 'TOO_MANY_OPEN', error: expect.stringContaining('cancel') })
  const batch = { requests: [{ id: 'a', ...TEXT }] }
  expect((await server.ask('/compile/batch/async', { json: batch })).status).toBe(429)
  expect((await server.ask('/compile/async', { json: TEXT, key: 'run' })).status).toBe(202)
  await control(server, second, 'cancel')
  await expect.poll(async () => (await server.ask('/compile/async', { json: TEXT })).status).toBe(202)
  for (const one of [first, third]) await control(server, one, 'cancel')
})

test('a repetition under the same Idempotency-Key gets the job that there is, also where nothing new may be opened', async () => {
  const lists = await startLists()
  const server = await start({ maxOpen: 1 })
  const headers = { 'Idempotency-Key': 'a-key-that-nobody-else-has' }
  const json = { configuration: configurationOf('One', lists.urlOf('a')) }
  const first = (await server.json('/compile/async', { json, headers })) as unknown as Begun
  const again = await server.ask('/compile/async', { json, headers })
  expect(again.status).toBe(202)
  expect(again.headers.get('idempotent-replayed')).toBe('true')
  expect(await again.json()).toMatchObject({ requestId: first.requestId })
  expect((await server.ask('/compile/async', { json: TEXT, headers })).status).toBe(409)
  expect((await server.ask('/compile/async', { json: TEXT, headers: { 'Idempotency-Key': 'another-key-that-is-new' } })).status).toBe(429)
  expect((await server.ask('/compile/async', { json })).status).toBe(429)
  await control(server, first, 'cancel')
})

test('a compilation that is run again counts for the address that it is of', async () => {
  const lists = await startLists()
  const server = await start({ maxOpen: 1 })
  const first = await begin(server, 'One', lists.urlOf('a'))
  await control(server, first, 'cancel')
  await expect.poll(() => status(server, first)).toBe('cancelled')
  const retried = await server.ask(`/jobs/${first.requestId}/retry`, { method: 'POST', key: 'run' })
  expect(retried.status).toBe(201)
  const { job } = (await retried.json()) as { readonly job: { readonly id: string } }
  expect((await server.ask('/compile/async', { json: TEXT })).status).toBe(429)
  await server.engine.request(job.id, 'cancel')
  await expect.poll(async () => (await server.ask('/compile/async', { json: TEXT })).status).toBe(202)
})

test('what an earlier server left open counts, until it is over', async () => {
  const lists = await startLists()
  const before = await start({ maxOpen: 1, engine: { shutdownGraceMs: 0 } })
  const left = await begin(before, 'Left', lists.urlOf('a'))
  await lists.waitedFor('a')
  await before.stop()
  const server = await start({ maxOpen: 1, folder: before.folder })
  expect((await server.ask('/compile', { json: TEXT })).status).toBe(429)
  await lists.waitedFor('a')
  lists.give('a', '||a.example^\n')
  await expect.poll(() => status(server, left)).toBe('completed')
  await expect.poll(async () => (await server.ask('/compile', { json: TEXT })).status).toBe(200)
})

test('a compilation that takes too long ends, and says so', async () => {
  const lists = await startLists()
  const server = await start({ timeoutMs: 100 })
  const answer = await server.ask('/compile', { json: { configuration: configurationOf('Slow', lists.urlOf('never')) } })
  expect(answer.status).toBe(422)
  expect(await answer.json()).toMatchObject({ success: false, code: 'COMPILATION_TIMEOUT' })
})
