import { once } from 'node:events'
import { createServer } from 'node:http'
import { json as readJson } from 'node:stream/consumers'
import { answerGoogleBooks, googleIsbns } from './google-books.mjs'
import { answerIsbndb, isbndbIsbns } from './isbndb.mjs'
import { answerOpenLibrary, openLibraryIsbns } from './open-library.mjs'
import { makeTrouble } from './troubles.mjs'

/**
 * A request as a stand-in sees it, its path without the prefix of the provider.
 *
 * @typedef {object} Request
 * @property {string} method
 * @property {string} path
 * @property {URLSearchParams} query
 * @property {import('node:http').IncomingHttpHeaders} headers
 * @property {any} body
 * @property {number} at milliseconds since the server began
 * @property {string[]} isbns that it asks for
 */

/**
 * What a provider knows.
 *
 * @typedef {object} Known
 * @property {(isbn: string) => import('./books.mjs').Facts | undefined} byIsbn
 * @property {(title: string, author: string) => import('./books.mjs').Facts[]} byTitle
 */

/**
 * One provider's stand-in.
 *
 * @typedef {object} StandIn
 * @property {string} url its base
 * @property {Request[]} requests all that came
 * @property {Known} known what it knows; may be replaced
 * @property {import('./troubles.mjs').Trouble | undefined} trouble what goes wrong with the next answers
 * @property {((answer: { status?: number, json: any }, request: Request) => { status?: number, json: any }) | undefined} lie changes its answers
 * @property {((request: Request) => Promise<unknown> | undefined) | undefined} before answers wait for it
 */

const KINDS = {
  openLibrary: { prefix: '/open-library', answer: answerOpenLibrary, isbnsOf: openLibraryIsbns },
  isbndb: { prefix: '/isbndb', answer: answerIsbndb, isbnsOf: isbndbIsbns },
  googleBooks: { prefix: '/google-books', answer: answerGoogleBooks, isbnsOf: googleIsbns },
}

/**
 * Starts stand-ins for the providers on one server, each below a path of its own.
 *
 * @param {object} options
 * @param {import('./books.mjs').Facts[]} [options.books] what all of them know
 * @param {number} [options.perSecond] more than so many requests a second to one of them are answered with 429
 * @returns {Promise<{ url: string, openLibrary: StandIn, isbndb: StandIn, googleBooks: StandIn, close: () => Promise<void> }>}
 */
export async function startStandIns({ books = [], perSecond = Infinity } = {}) {
  const began = performance.now()
  const server = createServer()
  const standIns = {}
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const url = `http://127.0.0.1:${server.address().port}`
  for (const [name, { prefix }] of Object.entries(KINDS)) {
    standIns[name] = {
      url: url + prefix,
      requests: [],
      known: knownOf(books),
      trouble: undefined,
      lie: undefined,
      before: undefined,
      bucket: createBucket(perSecond),
    }
  }
  server.on('request', (incoming, response) => {
    const { pathname, searchParams } = new URL(incoming.url ?? '/', url)
    const found = Object.entries(KINDS).find(([, { prefix }]) => pathname.startsWith(`${prefix}/`))
    if (found === undefined) return void response.writeHead(404).end()
    const [name, kind] = found
    const path = pathname.slice(kind.prefix.length)
    const { method, headers } = incoming
    serve(standIns[name], kind, { method, path, query: searchParams, headers, at: performance.now() - began }, incoming, response).catch(
      (error) => response.destroy(error),
    )
  })
  const close = async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  }
  return { url, ...standIns, close }
}

async function serve(standIn, kind, heard, incoming, response) {
  const body = heard.method === 'POST' ? await readJson(incoming) : undefined
  const request = { ...heard, body }
  request.isbns = kind.isbnsOf(request)
  standIn.requests.push(request)
  await standIn.before?.(request)
  const { trouble } = standIn
  if (trouble !== undefined) {
    if (trouble.times !== undefined && --trouble.times <= 0) standIn.trouble = undefined
    return makeTrouble(response, trouble)
  }
  if (!standIn.bucket()) return makeTrouble(response, { kind: 'status', status: 429, retryAfter: '1' })
  const honest = kind.answer(request, standIn.known)
  const { status = 200, json } = standIn.lie?.(honest, request) ?? honest
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(json))
}

/** Whether there is room for a request now: as many at once as in a second. */
function createBucket(perSecond) {
  let [tokens, filled] = [perSecond, performance.now()]
  return () => {
    const now = performance.now()
    tokens = Math.min(perSecond, tokens + ((now - filled) / 1000) * perSecond)
    filled = now
    if (tokens < 1) return false
    tokens -= 1
    return true
  }
}

/**
 * What somebody knows who has these books. A search by title finds those that share a longer word with it.
 *
 * @param {import('./books.mjs').Facts[]} books
 * @returns {Known}
 */
export function knownOf(books) {
  const byIsbn = new Map(books.map((facts) => [facts.isbn13, facts]))
  const wordsOf = (text) => text.toLowerCase().match(/[\p{L}\p{N}]{3,}/gu) ?? []
  return {
    byIsbn: (isbn) => byIsbn.get(isbn),
    byTitle: (title, author) =>
      books.filter(
        (facts) =>
          wordsOf(title).some((word) => wordsOf(facts.title).includes(word)) &&
          (author === '' || wordsOf(author).some((word) => wordsOf(facts.authors.join(' ')).includes(word))),
      ),
  }
}
