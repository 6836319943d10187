import { connect } from 'node:net'
import { answerCalls } from '../lib/agent.mjs'
import { seconds } from '../lib/clock.mjs'
import { MARK_BYTE } from '../lib/payload.mjs'
import { quantile } from '../lib/stats.mjs'
import { SentTimes } from './sent-times.mjs'
import { maskedText } from './websocket-frame.mjs'

// Many watchers in one process. They count the marks of events in what they read, and parse nothing.

const READ_BYTES = 256 * 1024
/** One for all: what is read is looked at before the next read. */
const buffer = Buffer.allocUnsafe(READ_BYTES)
/** How many connect at the same time. */
const CONNECTING = 64
/** In what a stream begins with `until` must be. In bytes. */
const MAX_HEAD = 64 * 1024

/** Each has `socket`, `count` (events so far), `bytes` and `head`: what it has read until it was `ready`, and undefined then. */
let watchers = []
let target = Infinity
let missing = 0
let reached = () => undefined
let arrivals
let done
/** How long each event was under way to each watcher, in milliseconds; absent: nobody wants to know. */
let delays

function take(watcher, length) {
  const bytes = buffer.subarray(0, length)
  if (watcher.head !== undefined) watcher.ready(bytes)
  const before = watcher.count
  for (let at = bytes.indexOf(MARK_BYTE); at !== -1; at = bytes.indexOf(MARK_BYTE, at + 1)) watcher.count += 1
  watcher.bytes += length
  if (delays !== undefined) {
    const now = seconds()
    for (const sent of watcher.times.find(bytes.latin1Slice())) delays.push((now - sent) * 1000)
  }
  if (before < target && watcher.count >= target) {
    arrivals?.push(seconds())
    missing -= 1
    if (missing === 0) reached(seconds())
  }
  return !watcher.stalls || watcher.head !== undefined
}

/** Connects and waits until `until` was read; `say` is sent after the head of the answer, over WebSocket. */
function open({ port, request, say, until, stalls }) {
  return new Promise((resolve, reject) => {
    let unsaid = say
    const watcher = { count: 0, bytes: 0, head: '', stalls, times: new SentTimes() }
    watcher.ready = (bytes) => {
      watcher.head += bytes.latin1Slice()
      if (watcher.head.length > MAX_HEAD) reject(new Error(`"${until}" did not come.`))
      if (unsaid !== undefined && watcher.head.includes('\r\n\r\n')) {
        watcher.socket.write(maskedText(unsaid))
        unsaid = undefined
      }
      if (!watcher.head.includes(until)) return
      watcher.head = undefined
      if (stalls) watcher.socket.pause()
      resolve()
    }
    watcher.socket = connect({ port, host: '127.0.0.1', onread: { buffer, callback: (length) => take(watcher, length) } })
    watcher.socket.setNoDelay(true)
    watcher.socket.on('error', reject)
    watcher.socket.write(request)
    watchers.push(watcher)
  })
}

answerCalls({
  /** Opens so many more; resolves when each has read the text `until`. */
  async connect({ count, ...how }) {
    for (let left = count; left > 0; left -= CONNECTING) {
      await Promise.all(Array.from({ length: Math.min(left, CONNECTING) }, () => open(how)))
    }
  },
  /** Sets what `reached` waits for: so many events at each watcher, beside those that it has. */
  expect({ events, withArrivals = false }) {
    target = Math.min(...watchers.map(({ count }) => count)) + events
    missing = watchers.filter(({ count }) => count < target).length
    arrivals = withArrivals ? [] : undefined
    done = new Promise((resolve) => (reached = resolve))
    if (missing === 0) reached(seconds())
  },
  /** Begins to look how long events are under way that say when they were sent (see sent-times.mjs). */
  timeEvents() {
    delays = []
  },
  /** Of each event at each watcher since then, in milliseconds. */
  delays: () => ({ p50: quantile(delays, 0.5), p99: quantile(delays, 0.99), count: delays.length }),
  /** When the last watcher had its last event; with `withArrivals`, when each had it. */
  async reached() {
    return { last: await done, arrivals }
  },
  /** Lets stalled watchers read. */
  readOn() {
    for (const watcher of watchers) {
      watcher.stalls = false
      watcher.socket.resume()
    }
  },
  counts: () => ({
    least: Math.min(...watchers.map(({ count }) => count)),
    most: Math.max(...watchers.map(({ count }) => count)),
    bytes: watchers.reduce((sum, { bytes }) => sum + bytes, 0),
  }),
  disconnect() {
    for (const { socket } of watchers) socket.destroy()
    watchers = []
  },
})
