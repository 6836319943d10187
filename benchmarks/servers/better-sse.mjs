import { createChannel, createSession } from 'better-sse'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { setImmediate as turn } from 'node:timers/promises'
import { answerCalls } from '../lib/agent.mjs'
import { seconds } from '../lib/clock.mjs'
import { dataOfSize } from '../lib/payload.mjs'
import { watchRequest } from './requests.mjs'

// A channel of better-sse, used as its documentation shows.

const channel = createChannel()
const responses = new Set()
const server = createServer(async (request, response) => {
  channel.register(await createSession(request, response))
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
      channel.broadcast({ seq, at: new Date().toISOString(), type: 'line', data }, 'message', { eventId: String(seq) })
      await turn()
      for (const response of responses) if (response.writableNeedDrain) await once(response, 'drain')
    }
    return { start }
  },
})
