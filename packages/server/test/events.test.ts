import { on, once } from 'node:events'
import { eventPageSchema } from '@headway/protocol'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { createdJob, finishedJob } from './support/answers.js'
import { READ_KEY, startServer } from './support/start.js'
import type { TestServer } from './support/start.js'

let server: TestServer
beforeAll(async () => {
  server = await startServer()
})
afterAll(() => server.stop())

const TYPES = ['created', 'claimed', 'number', 'number', 'number', 'completed']

describe('the log of a job', () => {
  it.each([
    [undefined, 'application/json'],
    ['*/*', 'application/json'],
    ['application/json', 'application/json'],
    ['text/event-stream', 'text/event-stream'],
    ['application/x-ndjson', 'application/x-ndjson'],
    ['text/html, application/x-ndjson;q=0.9, */*;q=0.1', 'application/x-ndjson'],
    ['application/json;q=0, */*', 'text/event-stream'],
  ])('accepting %s comes as %s', async (accept, type) => {
    const { job } = await finishedJob(server)
    const answer = await server.ask(`/jobs/${job.id}/events`, accept === undefined ? {} : { headers: { accept } })
    expect(answer.headers.get('content-type')).toBe(type)
    expect(answer.headers.get('vary')).toContain('Accept')
    expect(answer.headers.get('x-request-id')).toBeTruthy()
    await answer.arrayBuffer()
  })

  it('is the same in every form', async () => {
    const { job } = await finishedJob(server)
    const read = async (accept: string) => (await server.ask(`/jobs/${job.id}/events`, { headers: { accept } })).text()
    const page = eventPageSchema.parse(JSON.parse(await read('application/json')))
    expect(page.events.map(({ type }) => type)).toEqual(TYPES)
    expect(page).toMatchObject({ next: 6, head: 6, closed: true })
    const lines = (await read('application/x-ndjson')).trim().split('\n')
    expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual(page.events)
    const messages = [...(await read('text/event-stream')).matchAll(/^id: (\d+)\ndata: (.*)$/gm)]
    expect(messages.map((message) => JSON.parse(message[2] ?? '') as unknown)).toEqual(page.events)
    expect(messages.map((message) => Number(message[1]))).toEqual(page.events.map(({ seq }) => seq))
  })

  it('goes on after a cursor, in pages', async () => {
    const { job } = await finishedJob(server)
    const page = async (query: string) => eventPageSchema.parse(await (await server.ask(`/jobs/${job.id}/events?${query}`)).json())
    const first = await page('limit=4')
    expect(first).toMatchObject({ next: 4, head: 6, closed: true })
    const second = await page(`limit=4&after=${first.next}`)
    expect([...first.events, ...second.events].map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5, 6])
    expect(await page('after=6')).toMatchObject({ events: [], next: 6 })
  })

  it('can be had without the events that do not matter', async () => {
    const { job } = await finishedJob(server)
    const page = eventPageSchema.parse(await (await server.ask(`/jobs/${job.id}/events?types=created,completed`)).json())
    expect(page.events.map(({ type }) => type)).toEqual(['created', 'completed'])
    expect((await server.ask(`/jobs/${job.id}/events?types=created,`)).status).toBe(400)
  })

  it('ends a stream that has all with 204', async () => {
    const { job } = await finishedJob(server)
    const stream = { accept: 'text/event-stream', 'last-event-id': '6' }
    expect((await server.ask(`/jobs/${job.id}/events`, { headers: stream })).status).toBe(204)
  })

  it('has an ETag', async () => {
    const { job } = await finishedJob(server)
    const first = await server.ask(`/jobs/${job.id}/events`)
    const again = await server.ask(`/jobs/${job.id}/events`, { headers: { 'if-none-match': first.headers.get('etag') ?? '' } })
    expect(again.status).toBe(304)
    expect(await again.text()).toBe('')
  })

  it('answers HEAD without a stream', async () => {
    const { job } = await createdJob(await server.ask('/jobs/wait', { json: {} }))
    for (const accept of ['text/event-stream', 'application/x-ndjson', 'application/json']) {
      const answer = await server.ask(`/jobs/${job.id}/events`, { method: 'HEAD', headers: { accept } })
      expect(answer.headers.get('content-type')).toBe(accept)
      expect(await answer.text()).toBe('')
    }
    await server.ask(`/jobs/${job.id}/cancel`, { method: 'POST' })
  })
})

describe('/ws', () => {
  const connect = (protocols: string[], path = '/ws', options = {}) =>
    new WebSocket(`${server.url.replace('http', 'ws')}${path}`, protocols, options)

  async function messagesUntilEnd(socket: WebSocket, id: string): Promise<Record<string, unknown>[]> {
    const messages: Record<string, unknown>[] = []
    socket.on('open', () => socket.send(JSON.stringify({ type: 'attach', jobId: id })))
    for await (const [data] of on(socket, 'message') as AsyncIterable<[Buffer]>) {
      const message = JSON.parse(data.toString()) as Record<string, unknown>
      messages.push(message)
      if (message['type'] === 'end' || message['type'] === 'error') break
    }
    return messages
  }

  it('takes the token of a job as subprotocol, and echoes it', async () => {
    const { job, token } = await finishedJob(server)
    const socket = connect([token])
    const messages = await messagesUntilEnd(socket, job.id)
    expect(socket.protocol).toBe(token)
    expect(messages.filter(({ type }) => type === 'event').map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5, 6])
    socket.terminate()
  })

  it('takes a ticket in its URL, and a key in a header', async () => {
    const { job } = await finishedJob(server)
    const ticket = new URL(
      ((await (await server.ask(`/jobs/${job.id}/ticket`, { method: 'POST' })).json()) as { eventsUrl: string }).eventsUrl,
    )
    for (const open of [() => connect([], `/ws${ticket.search}`), () => connect([], '/ws', { headers: { 'x-api-key': READ_KEY } })]) {
      const socket = open()
      expect((await messagesUntilEnd(socket, job.id)).at(-1)).toMatchObject({ type: 'end', seq: 6 })
      socket.terminate()
    }
  })

  it('refuses a job that the token is not for', async () => {
    const { token } = await finishedJob(server)
    const other = await finishedJob(server)
    const socket = connect([token])
    expect((await messagesUntilEnd(socket, other.job.id)).at(-1)).toMatchObject({ type: 'error', code: 'FORBIDDEN' })
    socket.terminate()
  })

  it('closes with 4401 on a bad token', async () => {
    const { token } = await finishedJob(server)
    const socket = connect([`${token}x`])
    const [code] = (await once(socket, 'close')) as [number]
    expect(code).toBe(4401)
  })
})
