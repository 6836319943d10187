import { once } from 'node:events'
import { setImmediate as turn } from 'node:timers/promises'
import { WebSocketServer } from 'ws'
import { answerCalls } from '../lib/agent.mjs'
import { seconds } from '../lib/clock.mjs'
import { dataOfSize, lineOf } from '../lib/payload.mjs'
import { upgradeRequest } from './requests.mjs'

// The least that broadcasts with ws: one ready buffer for each event, sent to every socket.

const server = new WebSocketServer({ port: 0, host: '127.0.0.1', perMessageDeflate: false })
await once(server, 'listening')
const sockets = new Set()
server.on('connection', (ws, request) => sockets.add({ ws, socket: request.socket }))
const jobId = crypto.randomUUID()
let seq = 0

answerCalls({
  webSocket: () => ({ port: server.address().port, request: upgradeRequest('/'), until: '\r\n\r\n' }),
  threads: () => ({}),
  async emit({ events, bytes }) {
    const start = seconds()
    const data = dataOfSize(bytes)
    for (let event = 0; event < events; event++) {
      seq += 1
      // As large as a message of Headway's own protocol.
      const buffer = Buffer.from(`{"type":"event","jobId":"${jobId}","seq":${seq},"event":${lineOf(seq, 'line', data)}}`)
      for (const { ws } of sockets) ws.send(buffer, { binary: false })
      await turn()
      for (const { socket } of sockets) if (socket.writableNeedDrain) await once(socket, 'drain')
    }
    return { start }
  },
})
