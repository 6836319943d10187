import { setTimeout as wait } from 'node:timers/promises'
import { WebSocket } from 'ws'

/** How many jobs one socket watches at most. */
const JOBS_PER_SOCKET = 6

/** Before a socket connects again, in milliseconds, at most; it doubles while there is no server. */
const COMEBACK_MS = { shortest: 100, longest: 600 }

/** A server that stops or is busy says these; the socket closes and comes back. */
const PASSING_ERRORS = new Set(['SHUTTING_DOWN', 'OVERLOADED', 'STORE_UNAVAILABLE'])

/** Watches jobs over WebSocket, several on one connection, and connects again by itself. */
export class SocketWatchers {
  #sockets = []

  constructor({ server, records, random, stop }) {
    Object.assign(this, { server, records, random, stop })
  }

  add(watcher) {
    let socket = this.#sockets.find((candidate) => candidate.open < JOBS_PER_SOCKET)
    if (socket === undefined) {
      socket = new WatchingSocket(this)
      this.#sockets.push(socket)
    }
    socket.add(watcher)
  }

  async ended() {
    await Promise.all(this.#sockets.map((socket) => socket.ended))
  }
}

class WatchingSocket {
  #watchers = new Map()
  #connection
  #all
  #comeback = COMEBACK_MS.shortest

  constructor(all) {
    this.#all = all
    this.ended = this.#run()
  }

  get open() {
    return this.#watchers.size
  }

  add(watcher) {
    this.#watchers.set(watcher.job.id, watcher)
    if (this.#connection?.readyState === WebSocket.OPEN) this.#attach(watcher)
  }

  #attach(watcher) {
    watcher.connections += 1
    this.#connection.send(JSON.stringify({ type: 'attach', jobId: watcher.job.id, after: watcher.after }))
  }

  async #run() {
    const { server, random, stop, records } = this.#all
    while (!stop.aborted) {
      await wait(random.between(10, this.#comeback))
      if (this.#watchers.size === 0) continue
      const connection = new WebSocket(`${server.url.replace('http', 'ws')}/ws`, { headers: server.headers, handshakeTimeout: 8_000 })
      this.#connection = connection
      const end = () => connection.terminate()
      stop.addEventListener('abort', end)
      connection.on('error', () => undefined)
      connection.on('unexpected-response', (_request, response) => {
        if (response.statusCode !== 503) records.violate(`A socket was refused with ${response.statusCode}`)
        connection.terminate()
      })
      connection.on('open', () => {
        for (const watcher of this.#watchers.values()) this.#attach(watcher)
      })
      connection.on('message', (data) => this.#take(data.toString()))
      connection.on('open', () => (this.#comeback = COMEBACK_MS.shortest))
      this.#comeback = Math.min(this.#comeback * 2, COMEBACK_MS.longest)
      const code = await new Promise((resolve) => connection.once('close', resolve))
      // One that watches nothing any more may be closed for that.
      const isIdle = code === 4408 && this.#watchers.size === 0
      if (!isIdle && ![1000, 1005, 1006, 1012, 1013].includes(code)) records.violate(`A socket was closed with ${code}`)
      stop.removeEventListener('abort', end)
    }
  }

  #take(text) {
    const { records, random } = this.#all
    const { type, jobId, seq, code } = JSON.parse(text)
    const watcher = this.#watchers.get(jobId)
    if (type === 'event') {
      if (watcher === undefined) return records.violate(`A socket got an event of a job that it does not watch: ${text}`)
      // The event as it was sent: the message's last member.
      watcher.take(seq, text.slice(text.indexOf('"event":{') + '"event":'.length, -1))
      // Now and then the connection goes in the middle of everything.
      if (random.chance(0.0005)) this.#connection.terminate()
    } else if (type === 'end') {
      if (watcher?.done !== true) records.violate(`A socket got ${text} without a terminal event`)
      this.#watchers.delete(jobId)
    } else if (type === 'reset') {
      records.violate(`A socket got at cursor ${watcher?.after}: ${text}`)
    } else if (type === 'error' && !PASSING_ERRORS.has(code)) {
      records.violate(`A socket got ${text}`)
    } else if (type === 'error' || type === 'detached') {
      // It comes back with its cursor.
      this.#connection.close()
    }
  }
}
