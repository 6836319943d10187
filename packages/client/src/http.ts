import type { Client } from 'openapi-fetch'
import type { paths } from './generated/openapi.js'

/**
 * Every route of the server, with the types of openapi-fetch: `http.GET('/jobs/{id}', { params: { path: { id } } })` resolves to `data` or
 * `error`, and `response`. Of its options `params`, `body`, `headers`, `parseAs` and those of `fetch` count. It is not openapi-fetch itself, which
 * is a third of the size that the whole SDK may have; where more of it is needed: `createOpenapiClient<paths>({ baseUrl, fetch: client.fetch })`.
 */
export type HttpClient = Pick<Client<paths>, 'GET' | 'POST' | 'DELETE'>

/** What the methods of {@link HttpClient} take, whatever the route. */
interface Call extends Omit<RequestInit, 'body'> {
  readonly params?: { readonly path?: object; readonly query?: object; readonly header?: Record<string, string> }
  readonly headers?: Record<string, string>
  readonly body?: unknown
  readonly parseAs?: 'json' | 'text' | 'blob' | 'arrayBuffer' | 'stream'
}

/** @param send makes the requests */
export function createHttp(baseUrl: string, send: (request: Request) => Promise<Response>): HttpClient {
  const methodOf =
    (method: string) =>
    async (path: string, { params = {}, headers, body, parseAs = 'json', ...init }: Call = {}) => {
      const { path: names, query = {}, header } = params
      const given = Object.entries(query).filter(([, value]) => value !== undefined)
      const search = given.length > 0 ? `?${new URLSearchParams(given.map(([name, value]) => [name, String(value)]))}` : ''
      const isReady = body === undefined || body instanceof FormData || body instanceof Blob
      const response = await send(
        new Request(
          baseUrl +
            path.replace(/{(\w+)}/g, (_, name: string) => encodeURIComponent((names as Record<string, string>)[name] ?? '')) +
            search,
          {
            ...init,
            method,
            headers: { Accept: 'application/json', ...(!isReady && { 'Content-Type': 'application/json' }), ...header, ...headers },
            ...(body !== undefined && { body: isReady ? body : JSON.stringify(body) }),
          },
        ),
      )
      const { status, ok } = response
      if (!ok) return { error: await bodyOf(response), response }
      return {
        data: status === 204 ? undefined : parseAs === 'stream' ? response.body : ((await response[parseAs]()) as unknown),
        response,
      }
    }
  return { GET: methodOf('GET'), POST: methodOf('POST'), DELETE: methodOf('DELETE') } as unknown as HttpClient
}

/** What an answer says: JSON where it is JSON, else the text. */
export async function bodyOf(response: Response): Promise<unknown> {
  const text = await response.text()
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}
