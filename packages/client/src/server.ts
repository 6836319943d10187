import type { Credentials, Shown } from './credentials.js'
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
  async function once(request: Request, shown: Shown): Promise<Response> {
    let credential
    try {
      credential = await shown
    } catch (cause) {
      throw new HeadwayClientError('NO_CREDENTIAL', 'There is no key or token now.', { cause })
    }
    if (credential !== undefined) {
      if (credentials.isKey) request.headers.set('X-API-Key', credential)
      else request.headers.set('Authorization', `Bearer ${credential}`)
    }
    return reach(request)
  }

  async function reach(request: Request): Promise<Response> {
    try {
      return await fetch(request)
    } catch (cause) {
      if (request.signal.aborted) throw cause
      throw new HeadwayClientError('NETWORK_ERROR', 'The server can not be reached.', { cause })
    }
  }

  async function send(request: Request): Promise<Response> {
    // The token of a job is the caller's own.
    if (request.headers.has('Authorization')) return reach(request)
    const shown = credentials.show()
    // A body is read once: what is sent first is a copy.
    const response = await once(request.clone(), shown)
    return response.status === 401 && credentials.refresh(shown) ? once(request, credentials.show()) : response
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
