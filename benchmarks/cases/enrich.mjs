import { withChildren } from '../lib/child.mjs'

export const title = 'Enriching by ISBN'
export const about =
  'Open Library’s stand-in allows three requests a second, as the true one does, and refuses more. Time is the true time: 200 requests take 66.3 s at least, and a little longer with the margin that is kept. Quick runs ask for a tenth. Again: the same books, now from the cache.'
/** It takes a minute, whatever the machine does. */
export const maxRuns = 1

const BOOKS = 5000
const QUICK_BOOKS = 500
const BATCH = 25
const PER_SECOND = 3

let books

export function contenders(quick) {
  books = quick ? QUICK_BOOKS : BOOKS
  let again
  return {
    'the first time': async () => {
      const figures = await measure()
      again = figures.again
      return figures.first
    },
    again: () => again,
  }
}

function measure() {
  return withChildren(['servers/stand-ins.mjs', 'servers/enricher.mjs'], async (standIns, enricher) => {
    await enricher.call('open', { baseUrl: await standIns.call('start', { books, perSecond: PER_SECOND }) })
    const first = await round(standIns, enricher)
    return { first, again: await round(standIns, enricher) }
  })
}

async function round(standIns, enricher) {
  const before = await standIns.call('requests')
  const { found, seconds } = await enricher.call('enrich', { books })
  if (found !== books) throw new Error(`${books - found} books were not found.`)
  return { requests: (await standIns.call('requests')) - before, seconds, rate: books / seconds }
}

export const columns = [
  { key: 'requests', label: 'requests' },
  { key: 'seconds', label: 'time (s)', digits: 1 },
  { key: 'rate', label: 'books/s' },
]

export function targets({ median }) {
  return [
    { text: `requests for ${books} ISBNs`, unit: '', measured: median('requests', 'the first time'), atMost: books / BATCH },
    { text: `requests for the same again`, unit: '', measured: median('requests', 'again'), atMost: 0 },
  ]
}
