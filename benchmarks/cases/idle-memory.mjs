import { withChildren } from '../lib/child.mjs'
import { connect } from '../lib/fan-out.mjs'

export const title = 'Memory of an idle watcher'
export const about =
  'What the server holds more with SSE watchers of one quiet job than without, after forced collections, for each of them. The empty young generation of the heap is left out: its size tells of past work.'

const WARM_UP_WATCHERS = 100
const FEW = 1000
const MANY = 4000

export function contenders() {
  return {
    Headway: () => idle('servers/headway.mjs'),
    'bare node:http': () => idle('servers/bare-http.mjs'),
  }
}

/** KiB for each watcher. */
function idle(server) {
  return withChildren([server, 'clients/watchers.mjs'], async (source, clients) => {
    // What comes only once (code, caches) is no watcher's.
    await connect(source, clients, 'sse', WARM_UP_WATCHERS)
    await clients.call('disconnect')
    const none = await source.call('memory')
    const perWatcher = (now, key, watchers) => (now[key] - none[key]) / watchers / 1024
    await connect(source, clients, 'sse', FEW)
    const few = await source.call('memory')
    await connect(source, clients, 'sse', MANY - FEW)
    const many = await source.call('memory')
    return {
      lasting: perWatcher(many, 'lasting', MANY),
      heap: perWatcher(many, 'heap', MANY),
      lastingFew: perWatcher(few, 'lasting', FEW),
      rss: perWatcher(many, 'rss', MANY),
    }
  })
}

export const columns = [
  { key: 'lasting', label: 'resident, KiB each of 4,000', digits: 1 },
  { key: 'heap', label: 'of it heap', digits: 1 },
  { key: 'lastingFew', label: 'resident, KiB each of 1,000', digits: 1 },
  { key: 'rss', label: 'with the young generation, KiB each of 4,000', digits: 1 },
]

export function targets({ ratio }) {
  return [
    {
      text: 'resident memory of a watcher against bare node:http',
      unit: 'times',
      measured: ratio('lasting', 'Headway', 'bare node:http'),
      atMost: 1.5,
    },
  ]
}
