import http from 'node:http'

/** The server is not there, or went in the middle: the outcome is unknown. */
export class Unreachable extends Error {}

/** One connection for each request: none is left over from a server that died. */
const agent = new http.Agent({ keepAlive: false })

/** After so long an answer is given up, in milliseconds: a frozen server gives none. */
const ANSWER_MS = 8_000

/** A body that is not JSON. @typedef {{ type: string, bytes: Uint8Array }} Encoded `type`: of media */

/**
 * Sends a request and gives the answer, with its body still to come.
 *
 * @param {string} url
 * @param {{ method?: string, headers?: Record<string, string>, body?: unknown, signal?: AbortSignal }} [options] `body` is sent as JSON, or as it is where it is an Encoded
 * @returns {Promise<http.IncomingMessage>}
 * @throws Unreachable
 */
export function open(url, { method = 'GET', headers = {}, body, signal } = {}) {
  return new Promise((resolve, reject) => {
    const encoded =
      body === undefined || body.bytes instanceof Uint8Array ? body : { type: 'application/json', bytes: JSON.stringify(body) }
    const request = http.request(url, {
      method,
      agent,
      headers: encoded === undefined ? headers : { 'Content-Type': encoded.type, ...headers },
      ...(signal !== undefined && { signal }),
    })
    request.setTimeout(ANSWER_MS, () => request.destroy(new Error('no answer')))
    request.once('error', (error) => reject(new Unreachable(String(error), { cause: error })))
    request.once('response', (response) => {
      request.setTimeout(0)
      // Whoever reads the body is told; nobody else may be.
      response.on('error', () => undefined)
      resolve(response)
    })
    request.end(encoded?.bytes)
  })
}

/** The pieces of a body as text, as long as the connection lasts. Ends, too, when it breaks. */
export async function* pieces(response) {
  response.setEncoding('utf8')
  try {
    for await (const piece of response) yield piece
  } catch {
    // The connection broke: what came before counts.
  }
}

/**
 * Sends a request and reads the whole answer.
 *
 * @returns {Promise<{ status: number, headers: http.IncomingHttpHeaders, text: string }>}
 * @throws Unreachable also when the answer is not complete
 */
export async function ask(url, options = {}) {
  const response = await open(url, { ...options, signal: options.signal ?? AbortSignal.timeout(ANSWER_MS) })
  let text = ''
  for await (const piece of pieces(response)) text += piece
  if (!response.complete) throw new Unreachable('the answer broke off')
  return { status: response.statusCode ?? 0, headers: response.headers, text }
}
