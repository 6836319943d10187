import { withChildren } from '../lib/child.mjs'
import { connect } from '../lib/fan-out.mjs'

export const title = 'Memory of an idle watcher'
export const about =
  'What the server holds more (resident memory and heap, after forced collections) with SSE watchers of one quiet job than without, for each of them.'

const WARM_UP_WATCHERS = 100

export function contenders(quick) {
  return {
    Headway: () => idle('servers/headway.mjs', quick),
    'bare node:http': () => idle('servers/bare-http.mjs', quick),
  }
}

/** KiB for each watcher: with 1,000, and for those beyond. */
function idle(server, quick) {
  return withChildren([server, 'clients/watchers.mjs'], async (source, clients) => {
    // What comes only once (code, caches) is no watcher's.
    await connect(source, clients, 'sse', WARM_UP_WATCHERS)
    await clients.call('disconnect')
    const none = await source.call('memory')
    await connect(source, clients, 'sse', 1000)
    const some = await source.call('memory')
    const figures = { rss: perWatcher(none.rss, some.rss, 1000), heap: perWatcher(none.heap, some.heap, 1000) }
    if (quick) return figures
    await connect(source, clients, 'sse', 3000)
    const many = await source.call('memory')
    return { ...figures, rssMore: perWatcher(some.rss, many.rss, 3000), heapMore: perWatcher(some.heap, many.heap, 3000) }
  })
}

function perWatcher(before, after, watchers) {
  return (after - before) / watchers / 1024
}

export const columns = [
  { key: 'rss', label: 'resident, KiB each of 1,000', digits: 1 },
  { key: 'heap', label: 'heap, KiB each of 1,000', digits: 1 },
  { key: 'rssMore', label: 'resident, KiB each of 3,000 more', digits: 1 },
  { key: 'heapMore', label: 'heap, KiB each of 3,000 more', digits: 1 },
]

export function targets({ ratio }) {
  return [
    { text: 'resident memory against bare node:http', unit: 'times', measured: ratio('rss', 'Headway', 'bare node:http'), atMost: 1.5 },
  ]
}
