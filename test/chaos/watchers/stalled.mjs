import { once } from 'node:events'
import { connect } from 'node:net'

/** What stands before a comment or a `retry:`, which belong to one connection and not to the log. */
const LOOSE = [':'.charCodeAt(0), 'r'.charCodeAt(0)]

const HEADERS_END = '\r\n\r\n'
const LINE_END = '\r\n'

/**
 * A client of Server-Sent Events that connects and does not read. When it reads on, it compares every byte with what must come.
 * It reads the HTTP itself, so that a thousand of them take little time.
 */
export class StalledWatcher {
  #socket
  #rest = Buffer.alloc(0)
  #inBody = false

  /** Resolves when the request was sent and the server has answered it. */
  static async connect({ port, path, headers }) {
    const watcher = new StalledWatcher()
    const socket = connect({ host: '127.0.0.1', port, highWaterMark: 64 * 1024 })
    watcher.#socket = socket
    const fields = Object.entries({ Host: `127.0.0.1:${port}`, Accept: 'text/event-stream', ...headers })
    socket.write(`GET ${path} HTTP/1.1\r\n${fields.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n`)
    await once(socket, 'readable')
    return watcher
  }

  /**
   * Reads to the end of the stream.
   *
   * @param {Buffer} expected all messages of the log
   * @returns {Promise<string | undefined>} what is wrong
   */
  async readAll(expected) {
    let at = 0
    for await (const bytes of this.#socket) {
      this.#rest = this.#rest.length === 0 ? bytes : Buffer.concat([this.#rest, bytes])
      if (!this.#inBody) {
        const head = this.#rest.indexOf(HEADERS_END)
        if (head === -1) continue
        if (!this.#rest.subarray(0, head).toString().startsWith('HTTP/1.1 200')) return `was answered ${this.#rest.subarray(0, head)}`
        this.#rest = this.#rest.subarray(head + HEADERS_END.length)
        this.#inBody = true
      }
      for (let chunk = this.#chunk(); chunk !== undefined; chunk = this.#chunk()) {
        if (chunk.length === 0) return at === expected.length ? undefined : `ended after ${at} of ${expected.length} bytes`
        if (LOOSE.includes(chunk[0])) continue
        if (chunk.compare(expected, at, at + chunk.length) !== 0) {
          return `got at byte ${at}: ${chunk.subarray(0, 200)} instead of ${expected.subarray(at, at + 200)}`
        }
        at += chunk.length
      }
    }
    return `was cut off after ${at} of ${expected.length} bytes`
  }

  destroy() {
    this.#socket.destroy()
  }

  /** The next whole chunk of the body: empty for the last one, undefined when it has not come yet. */
  #chunk() {
    const line = this.#rest.indexOf(LINE_END)
    if (line === -1) return undefined
    const size = Number.parseInt(this.#rest.latin1Slice(0, line), 16)
    const end = line + LINE_END.length + size
    if (this.#rest.length < end + LINE_END.length) return undefined
    const chunk = this.#rest.subarray(line + LINE_END.length, end)
    this.#rest = this.#rest.subarray(end + LINE_END.length)
    return chunk
  }
}
