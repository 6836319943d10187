import { createClient } from '@headway/client'
import type { FollowedEvent, HeadwayClient, Transport } from '@headway/client'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { RUN_KEY, startServer } from './support/start-server.js'
import type { TestServer } from './support/start-server.js'

let server: TestServer

beforeAll(async () => {
  server = await startServer()
})
afterAll(() => server.stop())

const numbers = (from: number, to: number): number[] => Array.from({ length: to - from + 1 }, (_, index) => from + index)
const seqs = (events: readonly FollowedEvent[]): number[] => events.map((event) => (event.type === 'reset' ? -1 : event.seq))

async function all(client: HeadwayClient, id: string, after = 0): Promise<FollowedEvent[]> {
  const events: FollowedEvent[] = []
  for await (const event of client.jobs.follow(id, { after })) events.push(event)
  return events
}

describe.each<Transport>(['sse', 'websocket', 'poll'])('following by %s', (transport) => {
  const clientOf = (): HeadwayClient =>
    createClient({ baseUrl: server.url, apiKey: RUN_KEY, transport, WebSocket: WebSocket as unknown as typeof globalThis.WebSocket })

  test('gives the whole log of a job in order, live and later, from any cursor', async () => {
    const client = clientOf()
    const { job } = await client.jobs.create('gated', { to: 30 })
    const live = all(client, job.id)
    server.gate.allow(30)
    expect(await client.jobs.result(job.id)).toEqual({ counted: 30 })
    const { head } = await client.jobs.get(job.id)
    expect(seqs(await live)).toEqual(numbers(1, head))
    expect(seqs(await all(client, job.id, 20))).toEqual(numbers(21, head))
    expect(await all(client, job.id, head)).toEqual([])
    client.close()
  })
})
