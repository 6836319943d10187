import type { Credentials } from './credentials.js'
import { errorOfAnswer, HeadwayClientError } from './errors.js'

/** How a server is asked: with the client's credential, or with the token of a job. */
export interface Server {
  /** Without a slash at its end. */
  readonly baseUrl: string
  readonly credentials: Credentials
  /** As `fetch`. A credential that was refused as too old is refreshed once. @throws HeadwayClientError where there is no answer */
  readonly send: (request: Request) => Promise<Response>
  /** As `send`. @throws HeadwayClientError for an answer other than 2xx, too */
  readonly ask: (request: Request) => Promise<Response>
}

/** A server at an address. */
export function createServerAccess(url: string, credentials: Credentials, fetch = globalThis.fetch): Server {
  async function send(request: Request): Promise<Response> {
    // The token of a job is the caller's own.
    const isOwn = request.headers.has('Authorization')
    for (let isFresh = false; ; isFresh = true) {
      // A body is read once.
      const attempt = request.clone()
      const shown = credentials.show()
      if (!isOwn) {
        const credential = await shown
        if (credential !== undefined) attempt.headers.set(...credentials.header(credential))
      }
      const response = await fetch(attempt).catch((cause: unknown) => {
        if (request.signal.aborted) throw cause
        throw new HeadwayClientError('NETWORK_ERROR', 'The server can not be reached.', { cause })
      })
      if (response.status !== 401 || isOwn || isFresh || !credentials.refresh(shown)) return response
    }
  }

  return {
    baseUrl: url.replace(/\/$/, ''),
    credentials,
    send,
    async ask(request) {
      const response = await send(request)
      if (!response.ok) throw await errorOfAnswer(response)
      return response
    },
  }
}

/** The headers that show the token of a job; none without one. */
export function bearer(token: string | undefined): Record<string, string> {
  return token === undefined ? {} : { Authorization: `Bearer ${token}` }
}
