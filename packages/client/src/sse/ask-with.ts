import { createCredentials } from '../credentials.js'
import { errorOfAnswer, HeadwayClientError, silent } from '../errors.js'
import type { ConnectionState, Credential } from '../types.js'

/** Where a server is, and how it is asked. */
export interface RequestOptions {
  /** Where the server is: `https://headway.example.com`, with a path where it is behind one. */
  readonly baseUrl: string
  /** An API key: for servers and for people at a dashboard, never in a page that anybody can load. */
  readonly apiKey?: Credential
  /** A token, where there is no key: one text, or a function that gets one, as `createClient` takes it. */
  readonly token?: Credential
  /** Takes the place of the global `fetch`. */
  readonly fetch?: typeof fetch
  /** Ends the reading, without an error. The work goes on. */
  readonly signal?: AbortSignal
  /** Told each change of the state of the connection: say "reconnecting" to people. */
  readonly onState?: (state: ConnectionState) => void
}

export interface Asked extends RequestInit {
  readonly headers?: Readonly<Record<string, string>>
  readonly token?: string | undefined
}

/** Asks the server for a path, with the token of a job, or else with the key or token that there is. */
export type Ask = (path: string, asked?: Asked) => Promise<Response>

/** An answer, or the beginning of a stream, comes within this time, in milliseconds, or the connection is dead. A poll is held for a third of it. */
const ANSWER_MS = 75_000

/**
 * A function that asks one server. A credential that was refused as too old is refreshed once.
 *
 * @throws HeadwayClientError INVALID_URL for an address that is none of a server; what is returned rejects with NO_CREDENTIAL, and with SILENT
 *   where no answer comes
 */
export function askWith({ baseUrl, fetch: ask = fetch, ...given }: Omit<RequestOptions, 'signal' | 'onState'>): Ask {
  const root = rootOf(baseUrl)
  const credentials = createCredentials(given)

  return async function send(path, asked = {}, isFresh = false): Promise<Response> {
    const { headers, token, signal, ...init } = asked
    const shown = credentials.show()
    const credential = await shown
    // A signal of its own: those that come of AbortSignal.any and AbortSignal.timeout are not in every browser yet.
    const limit = new AbortController()
    const stop = (): void => limit.abort()
    if (signal?.aborted) stop()
    signal?.addEventListener('abort', stop)
    const timer = setTimeout(() => limit.abort(silent()), ANSWER_MS)
    let response: Response
    try {
      response = await ask(root + path, {
        ...init,
        headers: {
          ...headers,
          ...(typeof init.body === 'string' && { 'Content-Type': 'application/json' }),
          ...(credential !== undefined && Object.fromEntries([credentials.header(credential)])),
          ...(token !== undefined && { Authorization: `Bearer ${token}` }),
        },
        signal: limit.signal,
      })
      // Whoever reads a stream looks to its silence; of all else the time is for the whole answer.
      if (!isStream(response) && response.status !== 204) response = new Response(await response.text(), response)
    } finally {
      clearTimeout(timer)
      signal?.removeEventListener('abort', stop)
    }
    return response.status === 401 && !isFresh && credentials.refresh(shown) ? send(path, asked, true) : response
  }
}

/** An address without a slash at its end. @throws HeadwayClientError INVALID_URL where nothing can be asked there */
function rootOf(baseUrl: string): string {
  try {
    // As `fetch` takes it: in a page it may be relative to that.
    if (/^https?:$/.test(new URL(baseUrl, globalThis.location?.href).protocol)) return baseUrl.replace(/\/$/, '')
  } catch {
    // Told below.
  }
  throw new HeadwayClientError('INVALID_URL', `This is no address of a server: ${baseUrl}`)
}

/** Whether an answer is a stream of Server-Sent Events. */
export function isStream({ headers }: Response): boolean {
  return headers.get('Content-Type')?.startsWith('text/event-stream') === true
}

/** The answer, where it is 2xx. @throws HeadwayClientError for any other */
export async function mustBeOk(answer: Promise<Response>): Promise<Response> {
  const response = await answer
  if (!response.ok) throw await errorOfAnswer(response)
  return response
}
