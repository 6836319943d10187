import { once } from 'node:events'
import { createServer } from 'node:http'
import { lineOf } from '../lib/payload.mjs'
import { answerBroadcasts } from './broadcast.mjs'
import { watchRequest } from './requests.mjs'

// The least that streams events: one ready buffer for each event, written to every response.

const responses = new Set()
const server = createServer((request, response) => {
  response.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-cache, no-transform', 'X-Accel-Buffering': 'no' })
  request.socket.setNoDelay(true)
  response.write('retry: 2000\n\n')
  responses.add(response)
  response.on('close', () => responses.delete(response))
})
server.listen(0, '127.0.0.1')
await once(server, 'listening')

const where = { sse: () => ({ port: server.address().port, request: watchRequest('/'), until: '\r\n\r\n' }) }
answerBroadcasts(where, responses, (seq, data) => {
  const buffer = Buffer.from(`id: ${seq}\ndata: ${lineOf(seq, 'line', data)}\n\n`)
  for (const response of responses) response.write(buffer)
})
