import { createClient } from '@headway/client'
import type { ServerMessage } from '@headway/protocol'
import { describe, expect, test, vi } from 'vitest'

const id = '6d9a4f9e-54c5-4a0e-9d5c-3f0f2b1c7a10'
const last: ServerMessage = {
  type: 'event',
  jobId: id,
  seq: 1,
  event: { seq: 1, at: '2026-01-01T00:00:00Z', type: 'completed', data: { result: null } },
}
const end: ServerMessage = { type: 'end', jobId: id, seq: 1 }

interface Body {
  readonly jobs: readonly { readonly token?: string; readonly after: number }[]
  readonly lists: boolean
}

/** A server that answers each `POST /follow` at once. */
function answering(answer: (body: Body) => readonly ServerMessage[]) {
  return vi.fn(async (input: Parameters<typeof fetch>[0]) => {
    const request = new Request(input)
    const messages = answer((await request.json()) as Body)
    if (request.headers.get('accept') === 'application/json') return Response.json({ messages })
    const text = messages.map((message) => `data: ${JSON.stringify(message)}\n\n`).join('')
    return new Response(text, { headers: { 'content-type': 'text/event-stream' } })
  })
}

const runtime = {
  now: Date.now,
  random: () => 0,
  setTimer(run: () => void, ms: number) {
    const timer = setTimeout(run, ms)
    return () => clearTimeout(timer)
  },
  onWake: () => () => undefined,
}

describe.each(['poll', 'sse'] as const)('by %s', (transport) => {
  const clientOf = (fetch: ReturnType<typeof answering>) => createClient({ baseUrl: 'http://x', apiKey: 'k', transport, fetch }, runtime)

  test('nothing more is asked after the last job, and the connection is closed', async () => {
    const fetch = answering(() => [last, end])
    const client = clientOf(fetch)
    for await (const event of client.jobs.follow(id.toUpperCase())) expect(event.type).toBe('completed')
    await vi.waitFor(() => expect(client.connection.state).toBe('closed'))
    expect(fetch).toHaveBeenCalledTimes(1)
  })

  test('a follow that is refused with its token does not end one that has another', async () => {
    const fetch = answering(({ jobs }) =>
      jobs[0]?.token === undefined ? [last, end] : [{ type: 'error', jobId: id, code: 'TOKEN_EXPIRED', message: '' }],
    )
    const client = clientOf(fetch)
    const ends = [client.jobs.follow(id, { token: 'old' }), client.jobs.follow(id)].map(
      (follow) => new Promise((resolve) => follow.subscribe(() => undefined, resolve)),
    )
    expect(await Promise.all(ends)).toEqual([expect.objectContaining({ code: 'TOKEN_EXPIRED' }), undefined])
  })

  test('lists that are refused are not asked for again', async () => {
    const fetch = answering(() => [{ type: 'error', code: 'FORBIDDEN', message: '' }])
    const client = clientOf(fetch)
    client.jobs.onChanged(() => undefined)
    await vi.waitFor(() => expect(fetch).toHaveBeenCalled())
    await vi.waitFor(() => expect(client.connection.state).toBe('closed'))
    expect(fetch).toHaveBeenCalledTimes(1)
  })
})

test('what is wanted and closed at once asks for nothing; two readers of one follow each get an event; no WebSocket is an error', async () => {
  const fetch = answering(() => [last, end])
  const client = createClient({ baseUrl: 'http://x', transport: 'sse', fetch }, runtime)
  const reader = client.jobs.follow(id)[Symbol.asyncIterator]()
  expect((await Promise.all([reader.next(), reader.next()])).map(({ done }) => done)).toEqual([false, true])
  fetch.mockClear()
  client.jobs.onChanged(() => undefined)
  client.close()
  await new Promise((resolve) => setTimeout(resolve, 0))
  expect(fetch).not.toHaveBeenCalled()
  vi.stubGlobal('WebSocket', undefined)
  expect(() => createClient({ baseUrl: 'http://x', transport: 'websocket' })).toThrow(expect.objectContaining({ code: 'NO_WEBSOCKET' }))
  vi.unstubAllGlobals()
})
