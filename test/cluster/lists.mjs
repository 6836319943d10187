import { once } from 'node:events'
import { createServer } from 'node:http'
import { setTimeout as wait } from 'node:timers/promises'

/** Lists are sent in so many pieces. */
const PIECES = 8
const NAMES = 200

/** A web server with any number of filter lists, each sent as slowly as its path says: `/<ms>/<name>.txt`. */
export async function startLists() {
  const server = createServer((request, response) => {
    const [, ms = '0', name = ''] = /^\/(\d+)\/([\w-]+)\.txt$/.exec(request.url ?? '') ?? []
    // Whoever asked may go away.
    send(response, `${rulesOf(name).join('\n')}\n`, Number(ms)).catch(() => response.destroy())
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const url = `http://127.0.0.1:${server.address().port}`
  return {
    /** @param {string} name @param {number} ms how long it takes */
    urlOf: (name, ms) => `${url}/${ms}/${name}.txt`,
    close() {
      server.close()
      server.closeAllConnections()
    },
  }
}

/** @param {string} name of the list */
export function rulesOf(name) {
  return Array.from({ length: NAMES }, (_, index) => `||ads-${index}.${name}.example.com^`)
}

async function send(response, text, ms) {
  response.writeHead(200, { 'Content-Type': 'text/plain; charset=utf-8', 'Content-Length': Buffer.byteLength(text) })
  const size = Math.ceil(text.length / PIECES)
  for (let start = 0; start < text.length && !response.closed; start += size) {
    response.write(text.slice(start, start + size))
    await wait(ms / PIECES)
  }
  response.end()
}
