import { once } from 'node:events'
import { WebSocketServer } from 'ws'
import { lineOf } from '../lib/payload.mjs'
import { answerBroadcasts } from './broadcast.mjs'
import { upgradeRequest } from './requests.mjs'

// The least that broadcasts with ws: one ready buffer for each event, sent to every socket.

const server = new WebSocketServer({ port: 0, host: '127.0.0.1', perMessageDeflate: false })
await once(server, 'listening')
const webSockets = new Set()
const connections = new Set()
server.on('connection', (webSocket, request) => {
  webSockets.add(webSocket)
  connections.add(request.socket)
})
const jobId = crypto.randomUUID()

const where = { webSocket: () => ({ port: server.address().port, request: upgradeRequest('/'), until: '\r\n\r\n' }) }
answerBroadcasts(where, connections, (seq, data) => {
  // As large as a message of Headway's own protocol.
  const buffer = Buffer.from(`{"type":"event","jobId":"${jobId}","seq":${seq},"event":${lineOf(seq, 'line', data)}}`)
  for (const webSocket of webSockets) webSocket.send(buffer, { binary: false })
})
