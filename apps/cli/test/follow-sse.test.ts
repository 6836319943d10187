import { createServer } from 'node:http'
import type { RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, it, onTestFinished } from 'vitest'
import { followSse } from '../src/watch/follow-sse.js'
import { run, workFolder } from './support/command.js'

/** A server of the test's own. @returns its URL, without a slash at the end */
async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener)
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

it('ends when its signal aborts, in the middle of a stream', async () => {
  const url = await serve((_request, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' }).write('id: 1\ndata: one\n\n')
  })
  const enough = new AbortController()
  const got: string[] = []
  for await (const { data } of followSse({ url, headers: {}, signal: enough.signal })) {
    got.push(data)
    enough.abort()
  }
  expect(got).toEqual(['one'])
})

const ID = '0b0e4a5c-8a4e-4b7e-9d0c-0d7f6c6f1c11'
const NOW = new Date(0).toISOString()
const JOB = {
  id: ID,
  type: 'odd',
  status: 'running',
  input: {},
  progress: null,
  priority: 0,
  attempt: 1,
  recoveries: 0,
  head: 1,
  createdAt: NOW,
  runAt: NOW,
}
const CREATED = `id: 1\ndata: ${JSON.stringify({ seq: 1, at: NOW, type: 'created', data: {} })}\n\n`

it.each([
  [
    'a message that is too long',
    `id: 2\ndata: ${'x'.repeat(3 * 1024 * 1024)}\n\n`,
    'A message of the stream is longer than 1048576 characters.',
  ],
  ['a message that is no JSON', 'id: 2\ndata: <h1>hello</h1>\n\n', 'A message of the stream is no event.'],
  ['JSON that is no event', 'id: 2\ndata: [1]\n\n', 'A message of the stream is no event.'],
])('a watch ends at %s, and does not come back for it', async (_, message, why) => {
  let streams = 0
  const url = await serve((request, response) => {
    if (!(request.url ?? '').endsWith('/events')) return void response.end(JSON.stringify(JOB))
    streams += 1
    response.writeHead(200, { 'content-type': 'text/event-stream' }).write(CREATED + message)
  })
  const env = { HEADWAY_URL: url, HEADWAY_API_KEY: 'some-key' }
  const { code, stdout, stderr } = await run(await workFolder(), ['watch', ID, '--json', '--give-up-after', '5s'], env)
  expect({ code, streams }).toEqual({ code: 1, streams: 1 })
  expect(stdout).toContain('"type":"created"')
  expect(stderr).toBe(`headway: ${why} What answers at ${url}/ is no Headway server, or one of another version.\n`)
})
