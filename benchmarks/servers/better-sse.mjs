import { createChannel, createSession } from 'better-sse'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { answerBroadcasts } from './broadcast.mjs'
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

const where = { sse: () => ({ port: server.address().port, request: watchRequest('/'), until: '\r\n\r\n' }) }
answerBroadcasts(where, responses, (seq, data) => {
  channel.broadcast({ seq, at: new Date().toISOString(), type: 'line', data }, 'message', { eventId: String(seq) })
})
