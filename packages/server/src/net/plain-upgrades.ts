import type { IncomingMessage, Server } from 'node:http'
import type { Duplex } from 'node:stream'

/** Said only to ask for the other protocol. */
const DROPPED: ReadonlySet<string> = new Set(['upgrade', 'http2-settings'])

/** Whether a request asks for a WebSocket. */
export function asksForWebSocket(request: IncomingMessage): boolean {
  return (request.headers.upgrade ?? '').split(',').some((protocol) => protocol.trim().toLowerCase() === 'websocket')
}

/**
 * Gives a request that asked for another protocol back to HTTP. Some clients offer HTTP/2 with every first request (`Upgrade: h2c`); a
 * server may go on as if they had not (RFC 9110, 7.8), but Node hands every upgrade over once somebody takes WebSockets. So the request is
 * read once more, without the offer.
 */
export function answerWithoutUpgrade(server: Server, request: IncomingMessage, socket: Duplex, head: Buffer): void {
  const lines = [`${request.method} ${request.url} HTTP/${request.httpVersion}`]
  for (let index = 0; index + 1 < request.rawHeaders.length; index += 2) {
    const [name = '', value = ''] = request.rawHeaders.slice(index, index + 2)
    if (DROPPED.has(name.toLowerCase())) continue
    const kept = name.toLowerCase() === 'connection' ? withoutDropped(value) : value
    if (kept !== '') lines.push(`${name}: ${kept}`)
  }
  socket.unshift(Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1'), head]))
  server.emit('connection', socket)
}

function withoutDropped(connection: string): string {
  const options = connection.split(',').map((option) => option.trim())
  return options.filter((option) => !DROPPED.has(option.toLowerCase())).join(', ')
}
