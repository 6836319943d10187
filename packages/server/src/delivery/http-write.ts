import type { EventEmitter } from 'node:events'
import type { ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { HttpChunk } from './http-chunk.js'

/** Sends the headers of a stream, with the first words that are written behind them in one packet. */
export function beginStream(response: ServerResponse, socket: Socket): void {
  socket.setNoDelay(true)
  socket.cork()
  process.nextTick(() => socket.uncork())
  response.flushHeaders()
}

/** Writes a part of a response's body. False: it has enough, and `drainOf` tells when it takes more. */
export function writeChunk(response: ServerResponse, socket: Socket, chunk: HttpChunk): boolean {
  return isDirect(response, socket) ? socket.write(chunk.framed) : response.write(chunk.bytes)
}

/** What emits `drain` after a `writeChunk` that gave false. */
export function drainOf(response: ServerResponse, socket: Socket): EventEmitter {
  return isDirect(response, socket) ? socket : response
}

/**
 * Whether ready chunks may go to the socket: the response is sent in chunks, and it is its turn on the connection (a pipelined
 * response has no socket yet).
 */
function isDirect(response: ServerResponse, socket: Socket): boolean {
  return response.chunkedEncoding && response.socket === socket
}
