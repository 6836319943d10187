import { errorOfAnswer } from '../errors.js'
import type { ConnectionState } from '../types.js'

/** Where a server is, and how it is asked. */
export interface RequestOptions {
  /** Where the server is: `https://headway.example.com`, with a path where it is behind one. */
  readonly baseUrl: string
  /** An API key: for servers and for people at a dashboard, never in a page that anybody can load. */
  readonly apiKey?: string
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

/** Asks the server for a path, with the API key or the token of a job. */
export type Ask = (path: string, asked?: Asked) => Promise<Response>

/** A function that asks one server. */
export function askWith({ baseUrl, apiKey, fetch: ask = fetch }: Omit<RequestOptions, 'signal' | 'onState'>): Ask {
  return (path, { headers, token, ...init } = {}) =>
    ask(baseUrl.replace(/\/$/, '') + path, {
      ...init,
      headers: {
        ...headers,
        ...(typeof init.body === 'string' && { 'Content-Type': 'application/json' }),
        ...(apiKey !== undefined && { 'X-API-Key': apiKey }),
        ...(token !== undefined && { Authorization: `Bearer ${token}` }),
      },
    })
}

/** The answer, where it is 2xx. @throws HeadwayClientError for any other */
export async function mustBeOk(answer: Promise<Response>): Promise<Response> {
  const response = await answer
  if (!response.ok) throw await errorOfAnswer(response)
  return response
}
