import { assertAccepted, authorization, eventsUrl, received } from './client.js'
import type { Received, WatchTarget } from './client.js'
import { textOf } from './http-text.js'

/** Follows as lines of JSON. */
export async function* ndjsonClient(target: WatchTarget): AsyncGenerator<Received, void, void> {
  const headers = { Accept: 'application/x-ndjson', ...authorization(target) }
  let rest = ''
  for await (const text of textOf(eventsUrl(target, { after: String(target.after) }), headers, assertAccepted)) {
    const lines = (rest + text).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) if (line !== '') yield received(line)
  }
  if (rest !== '') throw new Error(`The last line is not whole: ${rest.slice(0, 100)}`)
}
