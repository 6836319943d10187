import { once } from 'node:events'
import { createServer } from 'node:http'
import { setImmediate as turn } from 'node:timers/promises'
import { answerCalls } from '../lib/agent.mjs'
import { seconds } from '../lib/clock.mjs'
import { dataOfSize, lineOf } from '../lib/payload.mjs'
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
let seq = 0

answerCalls({
  sse: () => ({ port: server.address().port, request: watchRequest('/'), until: '\r\n\r\n' }),
  threads: () => ({}),
  async emit({ events, bytes }) {
    const start = seconds()
    const data = dataOfSize(bytes)
    for (let event = 0; event < events; event++) {
      seq += 1
      const buffer = Buffer.from(`id: ${seq}\ndata: ${lineOf(seq, 'line', data)}\n\n`)
      for (const response of responses) response.write(buffer)
      // Other work gets its turn, and whoever is slow is waited for.
      await turn()
      for (const response of responses) if (response.writableNeedDrain) await once(response, 'drain')
    }
    return { start }
  },
})
