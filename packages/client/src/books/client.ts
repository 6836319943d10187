import createClient from 'openapi-fetch'
import type { Client } from 'openapi-fetch'
import type { paths } from '../generated/openapi.js'

export interface BooksTrackClientOptions {
  /** Where the server is. Where the page came from, by default. */
  readonly baseUrl?: string
  readonly headers?: HeadersInit
  readonly credentials?: RequestCredentials
}

/** The routes of the books, each typed: `client.GET('/v3/books/{isbn}', { params: { path: { isbn } } })`. */
export type BooksTrackClient = Client<Pick<paths, BooksPath>>
type BooksPath = Extract<keyof paths, `/v3/${string}` | `/v1/${string}` | `/api/v2/${string}` | '/api/batch-enrich'>

/**
 * A typed client of the books' routes. A member of a body that is a file makes it a form: `POST('/v3/jobs/imports', { body: { file } })`; a
 * `FormData` is sent as it is.
 */
export function createBooksTrackClient({ baseUrl = '', ...options }: BooksTrackClientOptions = {}): BooksTrackClient {
  return createClient({ baseUrl, ...options, bodySerializer: (body) => formOf(body) ?? JSON.stringify(body) })
}

/** The client of the server that the page came from. */
export const client: BooksTrackClient = /* @__PURE__ */ createBooksTrackClient()

/** A body with files as a form; undefined for one without. */
function formOf(body: unknown): FormData | undefined {
  if (body instanceof FormData) return body
  const entries = Object.entries(body as Readonly<Record<string, unknown>>).flatMap(([name, value]) =>
    (Array.isArray(value) ? value : [value]).map((one: unknown) => [name, one] as const),
  )
  if (!entries.some(([, value]) => value instanceof Blob)) return undefined
  const form = new FormData()
  for (const [name, value] of entries) {
    if (value !== undefined) form.append(name, value instanceof Blob || typeof value === 'string' ? value : JSON.stringify(value))
  }
  return form
}
