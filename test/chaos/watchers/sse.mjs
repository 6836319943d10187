import { createParser } from 'eventsource-parser'
import { open, pieces } from '../http.mjs'
import { isGood } from './run-watcher.mjs'

/** One connection of a watcher over Server-Sent Events. It tells its cursor by `Last-Event-ID`. */
export async function followSse(server, watcher, signal) {
  const { after } = watcher
  await readSse(server, `/jobs/${watcher.job.id}/events`, after === 0 ? undefined : String(after), {
    signal,
    onAnswer(status) {
      if (isGood(watcher, status, [200, 204]) && status === 204) watcher.violate(`was told at cursor ${after} that there is nothing more`)
    },
    onMessage({ id, event, data }) {
      if (event !== undefined) return watcher.violate(`got an event named ${event}: ${data}`)
      if (data.startsWith('{"type":"reset"')) return watcher.violate(`got at cursor ${after}: ${data}`)
      watcher.take(Number(id), data)
    },
  })
}

/** Reads a stream of Server-Sent Events until it ends. */
export async function readSse(server, path, lastId, { signal, onAnswer, onMessage }) {
  const headers = { ...server.headers, Accept: 'text/event-stream', ...(lastId !== undefined && { 'Last-Event-ID': lastId }) }
  const response = await open(server.url + path, { headers, signal })
  onAnswer(response.statusCode)
  if (response.statusCode !== 200) return void response.resume()
  const parser = createParser({ onEvent: onMessage })
  for await (const piece of pieces(response)) parser.feed(piece)
}
