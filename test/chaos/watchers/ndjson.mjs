import { open, pieces } from '../http.mjs'
import { isGood } from './run-watcher.mjs'

/** One connection of a watcher over newline-delimited JSON. What comes after the last newline is not a line yet. */
export async function followNdjson(server, watcher, signal) {
  const { after } = watcher
  const headers = { ...server.headers, Accept: 'application/x-ndjson' }
  const response = await open(`${server.url}/jobs/${watcher.job.id}/events?after=${after}`, { headers, signal })
  if (!isGood(watcher, response.statusCode, [200])) return void response.resume()
  let rest = ''
  for await (const piece of pieces(response)) {
    const lines = (rest + piece).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) {
      if (line === '') continue
      const { seq, type } = JSON.parse(line)
      if (type === 'reset') watcher.violate(`got at cursor ${after}: ${line}`)
      else watcher.take(seq, line)
    }
  }
}
