import { createClient, HeadwayClientError, JobFailedError } from '@headway/client'
import type { ClientOptions, ConnectionState, FollowedEvent, HeadwayClient } from '@headway/client'
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest'
import { WebSocket } from 'ws'
import { RUN_KEY, startServer } from './support/start-server.js'
import type { TestServer } from './support/start-server.js'

let server: TestServer

beforeAll(async () => {
  server = await startServer({ delivery: { maxFollowJobs: 2, maxSocketJobs: 2 } })
})
afterAll(() => server.stop())

const Socket = WebSocket as unknown as typeof globalThis.WebSocket

/** Nothing takes long. */
const runtime = {
  now: Date.now,
  random: () => 0,
  setTimer(run: () => void, ms: number) {
    const timer = setTimeout(run, Math.min(ms, ms < 10_000 ? 1500 : 30_000))
    return () => clearTimeout(timer)
  },
  onWake: () => () => undefined,
}

function clientOf(options: Partial<ClientOptions> = {}): HeadwayClient {
  const client = createClient({ baseUrl: server.url, apiKey: RUN_KEY, WebSocket: Socket, ...options }, runtime)
  onTestFinished(() => client.close())
  return client
}

const numbers = (from: number, to: number): number[] => Array.from({ length: to - from + 1 }, (_, index) => from + index)

async function seqs(client: HeadwayClient, id: string, after = 0): Promise<(number | string)[]> {
  const read: (number | string)[] = []
  for await (const event of client.jobs.follow(id, { after })) read.push(event.type === 'reset' ? event.reason : event.seq)
  return read
}

describe('jobs', () => {
  test('are created once, listed, controlled, and give their result or why there is none', async () => {
    const { jobs } = clientOf()
    const [first, again] = [
      await jobs.create('count', { to: 1 }, { idempotencyKey: 'the-same-key-twice' }),
      await jobs.create('count', { to: 1 }, { idempotencyKey: 'the-same-key-twice' }),
    ]
    expect(again.job.id).toBe(first.job.id)
    expect(await jobs.result(first.job.id)).toEqual({ counted: 1 })

    const { job } = await jobs.create('gated', { to: 5 })
    await jobs.pause(job.id)
    server.gate.allow(1)
    await expect.poll(async () => (await jobs.get(job.id)).status).toBe('paused')
    expect((await jobs.list({ type: ['gated', 'count'], status: 'paused', createdAfter: new Date(0) })).jobs.map(({ id }) => id)).toEqual([
      job.id,
    ])
    await jobs.resume(job.id)
    const waited = expect(jobs.result(job.id)).rejects.toMatchObject({ failure: { status: 'cancelled', reason: 'no longer wanted' } })
    await jobs.cancel(job.id, 'no longer wanted')
    await waited

    const failing = await jobs.create('fail')
    await expect(jobs.result(failing.job.id)).rejects.toBeInstanceOf(JobFailedError)
    expect((await jobs.retry(failing.job.id)).job.retryOf).toBe(failing.job.id)
  })

  test('that are not there, or may not be seen, are errors with the code of the server', async () => {
    const nobody = '3f2b8c1e-0000-4000-8000-000000000000'
    await expect(clientOf().jobs.get(nobody)).rejects.toMatchObject({
      name: 'HeadwayClientError',
      code: 'JOB_NOT_FOUND',
      status: 404,
      problem: { status: 404 },
    })
    for (const transport of ['sse', 'websocket', 'poll'] as const) {
      await expect(seqs(clientOf({ transport }), nobody)).rejects.toMatchObject({ code: 'JOB_NOT_FOUND' })
      await expect(seqs(clientOf({ transport, apiKey: 'a-key-that-nobody-has' }), nobody)).rejects.toMatchObject({ code: 'UNAUTHORIZED' })
    }
    const nowhere = clientOf({ fetch: () => Promise.reject(new TypeError('no network')) })
    await expect(nowhere.jobs.get(nobody)).rejects.toBeInstanceOf(HeadwayClientError)
  })

  test('that a client without a key created are followed with their tokens', async () => {
    const created = await clientOf().jobs.create('count', { to: 3 })
    for (const transport of ['sse', 'websocket', 'poll'] as const) {
      const client = createClient({ baseUrl: server.url, transport, WebSocket: Socket }, runtime)
      const read: FollowedEvent[] = []
      for await (const event of client.jobs.follow(created.job.id, { token: created.token })) read.push(event)
      expect(read.at(-1)?.type).toBe('completed')
    }
  })

  test('tell that lists have changed', async () => {
    const { jobs } = clientOf()
    const changed = vi.fn()
    jobs.onChanged(({ jobIds }) => changed(...jobIds))
    const { job } = await jobs.create('count', { to: 1 })
    await expect.poll(async () => (await jobs.create('count', { to: 1 }), changed.mock.calls.flat())).not.toEqual([])
    expect(job.id).toBeTruthy()
  })
})

describe.each(['sse', 'websocket', 'poll'] as const)('a follow by %s', (transport) => {
  test('says reset where history is gone, and goes on', async () => {
    const client = clientOf({ transport })
    const { job } = await client.jobs.create('count', { to: 3 })
    await client.jobs.result(job.id)
    const { head } = await client.jobs.get(job.id)
    expect(await seqs(client, job.id, head + 5)).toEqual(['ahead', ...numbers(1, head)])
  })

  test('shares its connection with others, and takes more than one where there are too many jobs for it', async () => {
    const client = clientOf({ transport })
    const created = await Promise.all(numbers(1, 5).map(() => client.jobs.create('count', { to: 3 })))
    for (const { job } of created) await client.jobs.result(job.id)
    const logs = await Promise.all([...created, ...created].map(({ job }) => seqs(client, job.id)))
    const heads = await Promise.all(created.map(async ({ job }) => (await client.jobs.get(job.id)).head))
    expect(logs).toEqual([...heads, ...heads].map((head) => numbers(1, head)))
  })

  test('gets a fresh key when the one it has is refused, once for all', async () => {
    const asked: boolean[] = []
    const client = clientOf({
      transport,
      apiKey: ({ expired }) => {
        asked.push(expired)
        return expired ? RUN_KEY : 'a-key-that-is-too-old'
      },
    })
    const { job } = await clientOf().jobs.create('count', { to: 3 })
    const logs = await Promise.all([seqs(client, job.id), seqs(client, job.id), client.jobs.result(job.id).then(() => [])])
    expect(logs[0]).toEqual(logs[1])
    expect(logs[0]?.length).toBeGreaterThan(3)
    expect(asked).toEqual([false, true])
  })
})

test('goes on over WebSocket where streams are held back, by polling where sockets are barred, and stays with what worked', async () => {
  const asked: string[] = []
  /** A proxy that gives an answer only when it is whole. */
  const holding: typeof fetch = async (input) => {
    const request = new Request(input)
    const accept = request.headers.get('accept') ?? ''
    if (new URL(request.url).pathname === '/follow') asked.push(accept)
    if (accept !== 'text/event-stream') return fetch(request)
    return new Response(new ReadableStream(), { headers: { 'content-type': 'text/event-stream' } })
  }
  class Barred extends WebSocket {
    constructor() {
      super('ws://127.0.0.1:1')
    }
  }
  for (const [socket, transport] of [
    [Socket, 'websocket'],
    [Barred as unknown as typeof Socket, 'poll'],
  ] as const) {
    asked.length = 0
    const client = clientOf({ fetch: holding, WebSocket: socket })
    const { job } = await client.jobs.create('gated', { to: 2 })
    const states: ConnectionState[] = []
    const follow = client.jobs.follow(job.id)
    follow.onState((state) => states.push(state))
    const read: number[] = []
    const ended = new Promise<Error | undefined>((resolve) =>
      follow.subscribe((events) => read.push(...events.map((event) => (event.type === 'reset' ? -1 : event.seq))), resolve),
    )
    await expect.poll(() => client.connection.transport).toBe(transport)
    server.gate.allow(2)
    expect(await ended).toBeUndefined()
    expect(read).toEqual(numbers(1, 5))
    expect(states).toEqual(['live', 'closed'])
    expect(asked.filter((accept) => accept === 'text/event-stream')).toHaveLength(1)
    await client.jobs.result(job.id)
    expect(asked.filter((accept) => accept === 'text/event-stream')).toHaveLength(1)
  }
})
