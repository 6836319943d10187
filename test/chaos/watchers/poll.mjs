import { ask } from '../http.mjs'
import { isGood } from './run-watcher.mjs'

/** How long one poll waits for news, in seconds. */
const WAIT_SECONDS = 1

/** Polls as long as the server answers. */
export async function followPoll(server, watcher, signal, random) {
  const headers = { ...server.headers, Accept: 'application/json' }
  while (!watcher.done && !signal.aborted) {
    const limit = random.pick([1, 7, 50, 1000])
    const path = `/jobs/${watcher.job.id}/events?after=${watcher.after}&limit=${limit}&wait=${WAIT_SECONDS}`
    const { status, text } = await ask(server.url + path, { headers, signal })
    if (!isGood(watcher, status, [200], text)) return
    const page = readPage(text)
    if (page.reset !== undefined) watcher.violate(`got at cursor ${watcher.after}: ${JSON.stringify(page.reset)}`)
    for (const line of page.lines) watcher.take(JSON.parse(line).seq, line)
    if (page.closed && page.next === page.head && !watcher.done)
      watcher.violate(`was told at ${page.head} that the log is closed, without a terminal event`)
  }
}

/** A page of a log, its events as the text that was sent. */
export function readPage(text) {
  const page = JSON.parse(text)
  return { ...page, lines: elements(text, '"events":[') }
}

/** The elements of the array that begins with `start`, each as it stands in the text. */
function elements(text, start) {
  const found = []
  let depth = 0
  let inString = false
  let from = text.indexOf(start) + start.length
  for (let at = from; ; at += 1) {
    const character = text[at]
    if (inString) {
      if (character === '\\') at += 1
      else if (character === '"') inString = false
    } else if (character === '"') inString = true
    else if (character === '{' || character === '[') depth += 1
    else if (character === '}') depth -= 1
    else if (character === ']' && depth > 0) depth -= 1
    else if (depth === 0 && (character === ',' || character === ']')) {
      if (at > from) found.push(text.slice(from, at))
      from = at + 1
      if (character === ']') return found
    }
  }
}
