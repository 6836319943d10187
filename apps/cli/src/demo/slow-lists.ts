import { once } from 'node:events'
import { createServer } from 'node:http'
import type { Server, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'

/** Lists are sent in so many pieces. */
const PIECES = 10

export interface SlowList {
  readonly text: string
  /** From the first byte to the last, in milliseconds. */
  readonly takesMs: number
}

/** A web server on this machine that gives lists as slowly as some of the web do. */
export class SlowLists {
  readonly #server: Server

  private constructor(server: Server) {
    this.#server = server
  }

  /** @param lists by their paths, such as `/hosts.txt` */
  static async start(lists: Readonly<Record<string, SlowList>>): Promise<SlowLists> {
    const server = createServer((request, response) => {
      const list = lists[request.url ?? '']
      if (list === undefined) response.writeHead(404).end()
      // Whoever asked may go away: then there is nobody to tell.
      else send(list, response).catch(() => response.destroy())
    })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    return new SlowLists(server)
  }

  url(path: string): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}${path}`
  }

  close(): void {
    this.#server.close()
    this.#server.closeAllConnections()
  }
}

async function send({ text, takesMs }: SlowList, response: ServerResponse): Promise<void> {
  response.writeHead(200, { 'Content-Type': 'text/plain; charset=utf-8', 'Content-Length': Buffer.byteLength(text) })
  const size = Math.ceil(text.length / PIECES)
  for (let start = 0; start < text.length && !response.closed; start += size) {
    response.write(text.slice(start, start + size))
    await wait(takesMs / PIECES)
  }
  response.end()
}
