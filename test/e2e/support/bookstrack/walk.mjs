import { createBooksTrackClient, createSSEStream, createWebSocketStream } from '@jukasdrj/bookstrack-api-client'

// What an app does that has the published client. It runs in Node.js and in a browser; what it saw is JSON.

/**
 * Where an app works, and with what.
 *
 * @typedef {object} Place
 * @property {string} url of the server, without a slash at the end
 * @property {string[]} known ISBNs of its catalog
 * @property {string} unknown the ISBN of a book that nobody knows
 * @property {string} held the ISBN of a book that nobody answers for
 */

/** @param {Place} place */
const clientOf = ({ url }) => createBooksTrackClient({ baseUrl: url })

const bearer = (token) => ({ Authorization: `Bearer ${token}` })

/** What came of a call. */
const seen = ({ data, error, response }) => ({ status: response.status, type: response.headers.get('content-type'), ...(data ?? error) })

function formOf(name, ...files) {
  const form = new FormData()
  for (const { bytes, fileName } of files) form.append(name, new Blob([bytes]), fileName)
  return form
}

/** A library with a row for each of these books. */
const csvOf = (isbns) => ['Title,Author,ISBN13', ...isbns.map((isbn, row) => `Book ${row + 1},Ada Writer,${isbn}`)].join('\n')

/** @param {Place} place */
export async function lookUp(place) {
  const { GET, POST } = clientOf(place)
  const search = async (query) => seen(await GET('/v3/books/search', { params: { query } }))
  const book = async (isbn) => seen(await GET('/v3/books/{isbn}', { params: { path: { isbn } } }))
  const [first, second] = place.known
  return {
    capabilities: seen(await GET('/v3/capabilities')),
    recommendations: seen(await GET('/v3/recommendations/weekly', { params: { query: { limit: 3 } } })),
    tooMany: seen(await GET('/v3/recommendations/weekly', { params: { query: { limit: 21 } } })),
    text: await search({ q: 'chronicle of year 17', mode: 'text', page: 1, limit: 5 }),
    semantic: await search({ q: 'what happened in a year', mode: 'semantic' }),
    similar: await search({ q: first, mode: 'similar' }),
    book: await book(first),
    unknown: await book(place.unknown),
    noIsbn: await book('123'),
    enrich: seen(await POST('/v3/books/enrich', { body: { isbns: [first, second, place.unknown], includeEmbedding: false } })),
  }
}

/** The webhook is called by another server: a page can't send its header. @param {Place & { secret: string }} place */
export async function callWebhook(place) {
  const { POST } = clientOf(place)
  const path = '/v3/webhooks/alexandria/enrichment-complete'
  const call = async (secret) => {
    const params = { header: { 'x-alexandria-webhook-secret': secret } }
    return seen(await POST(path, { params, body: { isbn: place.known[0], type: 'edition', quality_improvement: 5 } }))
  }
  return { right: await call(place.secret), wrong: await call(`${place.secret}x`) }
}

/** Creates a job of a kind: what a user would upload or ask for. @param {Place} place */
async function create(place, kind, isbns) {
  const { POST } = clientOf(place)
  if (kind === 'imports')
    return seen(await POST('/v3/jobs/imports', { body: formOf('file', { bytes: csvOf(isbns), fileName: 'library.csv' }) }))
  return seen(await POST('/v3/jobs/enrichment', { body: { isbns } }))
}

/** Creates a job, and looks at it over every path of its kind until it is over. @param {Place} place */
export async function walkJob(place, kind, isbns = place.known) {
  const created = await create(place, kind, isbns)
  return { created, ...(await walkCreated(place, kind, created)) }
}

/** @param {Place & { photo: number[] }} place */
export async function walkScan(place) {
  const { POST } = clientOf(place)
  const body = formOf('photos[]', { bytes: Uint8Array.from(place.photo), fileName: 'shelf.png' })
  const created = seen(await POST('/v3/jobs/scans', { body }))
  return { created, ...(await walkCreated(place, 'scans', created)) }
}

async function walkCreated(place, kind, created) {
  const { GET, DELETE } = clientOf(place)
  const { jobId, token, streamUrl } = created.data
  const path = `/v3/jobs/${kind}/{jobId}`
  const params = { path: { jobId } }
  const watched = await watch(streamUrl)
  const stream = await GET(`${path}/stream`, { params, headers: bearer(token), parseAs: 'text' })
  return {
    watched,
    stream: stream.data,
    withoutToken: seen(await GET(`${path}/stream`, { params })),
    status: seen(await GET(path, { params })),
    results: seen(await GET(`${path}/results`, { params, headers: bearer(token) })),
    cancelled: seen(await DELETE(path, { params, headers: bearer(token) })),
  }
}

/** All that the client's SSE stream says until its job is over. */
function watch(sseUrl) {
  const progress = []
  return new Promise((resolve) => {
    const over = (how) => (event) => resolve({ how, progress, event })
    createSSEStream({
      sseUrl,
      onProgress: (event) => progress.push(event),
      onComplete: over('completed'),
      onFailed: over('failed'),
      onError: over('error'),
    })
  })
}

/** Cancels a job that waits for a book which nobody answers for, while it is watched. @param {Place} place */
export async function cancelWatched(place, kind) {
  const { GET, DELETE } = clientOf(place)
  const { jobId, token, streamUrl } = (await create(place, kind, [...place.known, place.held])).data
  const path = `/v3/jobs/${kind}/{jobId}`
  const params = { path: { jobId } }
  const results = seen(await GET(`${path}/results`, { params, headers: bearer(token) }))
  const messages = []
  const stream = createSSEStream({ sseUrl: streamUrl })
  const isClosed = new Promise((resolve) => {
    // The server answers the client that comes back with 204, after which it rests.
    stream.addEventListener('error', () => stream.readyState === 2 && resolve(true))
  })
  for (const name of ['progress', 'completed', 'failed', 'canceled', 'timeout']) stream.addEventListener(name, () => messages.push(name))
  await new Promise((resolve) => stream.addEventListener('open', resolve))
  const readOnly = seen(await DELETE(path, { params, headers: bearer(new URL(streamUrl).searchParams.get('ticket')) }))
  const cancelled = seen(await DELETE(path, { params, headers: bearer(token) }))
  await isClosed
  const again = seen(await DELETE(path, { params, headers: bearer(token) }))
  return { results, readOnly, cancelled, again, messages, status: seen(await GET(path, { params })) }
}

/** Watches a batch over the client's WebSocket. With a book that nobody answers for it is cancelled as soon as a book has come. @param {Place} place */
export async function watchSocket(place, isbns, cancelAtFirst) {
  const { POST, GET } = clientOf(place)
  const answer = seen(await POST('/v1/enrichment/batch', { body: { books: isbns.map((isbn) => ({ isbn })) } }))
  const { jobId, authToken, websocketUrl } = answer.data
  const messages = []
  const said = []
  await new Promise((resolve) => {
    const { ws, cancel } = createWebSocketStream({
      websocketUrl,
      authToken,
      jobId,
      onConnected: () => said.push('connected'),
      onProgress: ({ type }) => {
        said.push(type)
        if (cancelAtFirst && type === 'book_enriched') cancel()
      },
      onComplete: ({ type, results }) => said.push(`${type} ${results.length}`),
      onError: ({ message }) => said.push(`error ${message}`),
      onDisconnected: () => said.push('disconnected'),
    })
    ws.addEventListener('message', ({ data }) => messages.push(JSON.parse(data)))
    ws.addEventListener('close', ({ code }) => {
      messages.push({ type: 'close', code, protocol: ws.protocol === authToken })
      resolve(undefined)
    })
  })
  const status = seen(await GET('/v3/jobs/enrichment/{jobId}', { params: { path: { jobId } } }))
  return { said, messages, status }
}
