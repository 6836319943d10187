import { createBackoff } from '../backoff.js'
import { HeadwayClientError } from '../errors.js'
import { askWith, mustBeOk } from '../sse/ask-with.js'
import type { Ask } from '../sse/ask-with.js'
import type { Connection } from '../sse/resume.js'
import { sseWay } from '../sse/sse-way.js'
import type { BookMessage } from './messages.js'

/** A job of the books' service, and who may look at it. */
export interface BooksJob {
  readonly jobId: string
  /** `?ticket=...`, where the URL has one. */
  readonly query: string
  readonly token: string | undefined
  readonly ask: Ask
  readonly baseUrl: string
  /** The URL behind `baseUrl`. */
  readonly path: string
}

/** What may take the place of the browser's own. */
export interface BooksTransports {
  /** Takes the place of the global `fetch`. */
  readonly fetch?: typeof fetch
  /** Takes the place of the global `WebSocket`; Node 20 has none: give the one of `ws`. */
  readonly WebSocket?: typeof WebSocket
}

/** The job that a URL of its stream or of its WebSocket names. @throws HeadwayClientError where it names none */
export function jobOfUrl(url: string, token: string | undefined, transports: BooksTransports): BooksJob {
  const { href, searchParams } = parsed(url)
  const [, baseUrl, jobId = searchParams.get('jobId')] =
    /^(.*?)\/(?:(?:api\/v2|v3\/jobs)\/\w+\/([^/?]+)\/stream|ws\/progress)/.exec(href) ?? []
  if (baseUrl === undefined || !jobId) throw new HeadwayClientError('INVALID_URL', 'This is no URL of a stream of books.')
  const ticket = searchParams.get('ticket')
  const http = baseUrl.replace(/^ws/, 'http')
  const query = ticket ? `?ticket=${encodeURIComponent(ticket)}` : ''
  return { jobId, token, query, baseUrl: http, path: href.slice(baseUrl.length), ask: askWith({ ...transports, baseUrl: http }) }
}

/** Outside of a page there is nothing that an address could be relative to. */
function parsed(url: string): URL {
  try {
    return new URL(url, globalThis.location?.href)
  } catch (cause) {
    throw new HeadwayClientError('INVALID_URL', `This is no URL: ${url}`, { cause })
  }
}

const TYPES: Readonly<Record<string, BookMessage['type']>> = {
  progress: 'progress',
  completed: 'job_complete',
  failed: 'error',
  canceled: 'canceled',
  reset: 'reset',
}

/** The longest message, in characters: it has all books of a job. */
const MAX_LENGTH = 64 * 1024 * 1024

/** Reads a job over SSE. */
export async function* readStream(connection: Connection, { ask, path, token }: BooksJob): AsyncGenerator<BookMessage, void, void> {
  for await (const { id, event = '', data } of sseWay(connection, (init) => ask(path, { ...init, token }), MAX_LENGTH)) {
    yield { id, event, type: TYPES[event] ?? 'other', data: JSON.parse(data) as BookMessage['data'] }
  }
}

/** The paths of jobs in V3, by what their status calls them. */
const KINDS: Readonly<Record<string, string>> = { csv_import: 'imports', bookshelf_scan: 'scans', batch_enrichment: 'enrichment' }
/** A poll waits so long for news, in seconds. */
const WAIT_S = 20
/** After so long a better way is tried again, in milliseconds. */
const SPELL_MS = 60_000
/** At most so often is polled, in milliseconds: 30 times a minute. */
const PAUSE_MS = 2000

/** Reads a job by asking how it stands, over and over. Of what happens between two answers only the figures are told, and the end. */
export async function* poll(connection: Connection, job: BooksJob): AsyncGenerator<BookMessage, void, void> {
  const { signal, after = '0', live } = connection
  const { ask, jobId, query, token } = job
  const get = async (path: string): Promise<Record<string, unknown>> =>
    ((await (await mustBeOk(ask(path, { signal, token }))).json()) as { data: Record<string, unknown> }).data
  const endsAt = Date.now() + SPELL_MS
  for (let last = after; Date.now() < endsAt;) {
    const next = createBackoff({ firstMs: 0 }).pause(signal, PAUSE_MS)
    const { seq, type, status, completedAt, ...rest } = await get(`/v1/jobs/${jobId}/status?wait=${WAIT_S}&after=${last}`)
    live()
    const id = String(seq)
    const path = `/v3/jobs/${KINDS[String(type)]}/${jobId}`
    const say = (as: BookMessage['type'], more: object = {}): BookMessage => ({ id, type: as, data: { type: as, seq, ...rest, ...more } })
    if (status === 'failed') yield say('error', { failedAt: completedAt })
    else if (status === 'canceled') yield say('canceled')
    else if (status !== 'completed') yield say('progress')
    else if (token === undefined) {
      // A ticket is for streams only. The stream of a job that is over has an end, and so passes whatever holds streams back.
      return yield* readStream({ ...connection, after: last }, { ...job, path: `${path}/stream${query}` })
    } else {
      const { results, counts } = await get(`${path}/results`)
      yield say('job_complete', { completedAt, results, ...(counts !== undefined && { counts }) })
    }
    last = id
    if (!(await next)) return
  }
}
