import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, it, onTestFinished } from 'vitest'
import { followSse } from '../src/watch/follow-sse.js'

it('ends when its signal aborts, in the middle of a stream', async () => {
  const server = createServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' }).write('id: 1\ndata: one\n\n')
  })
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  const enough = new AbortController()
  const got: string[] = []
  const { port } = server.address() as AddressInfo
  for await (const { data } of followSse({ url: `http://127.0.0.1:${port}/`, headers: {}, signal: enough.signal })) {
    got.push(data)
    enough.abort()
  }
  expect(got).toEqual(['one'])
})
