import { createHash } from 'node:crypto'
import type { EventPage, ReadRange, StoredJob } from '@headway/core'
import { DEFAULT_PAGE_EVENTS, MAX_POLL_WAIT_SECONDS } from '@headway/protocol'
import type { JobId, Reset, Seq } from '@headway/protocol'
import { parseCursor } from './cursor.js'
import type { Delivery, DeliveryEngine } from './delivery.js'
import { PollWait } from './poll-wait.js'

/** The most bytes of events in one page, unless one event alone is larger. */
export const MAX_PAGE_BYTES = 1024 * 1024

export interface PollOptions {
  readonly delivery: Delivery
  /** Whether the client may read it is settled before. */
  readonly job: Pick<StoredJob, 'id'>
  /** The query's `after`, as it came. */
  readonly after?: string | undefined
  /** The most events, at least 1. `DEFAULT_PAGE_EVENTS` by default and at most. */
  readonly limit?: number | undefined
  /** Only events of these types; all by default. */
  readonly types?: readonly string[] | undefined
  /** How long to wait for news, in seconds: at most `MAX_POLL_WAIT_SECONDS`; 0 by default. */
  readonly waitSeconds?: number | undefined
  /** The `If-None-Match` header. */
  readonly ifNoneMatch?: string | undefined
  /** Aborted when the client goes away. */
  readonly signal: AbortSignal
}

/** A whole answer; the body is empty with 304. */
export interface PollAnswer {
  readonly status: 200 | 304
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/**
 * Answers with a page of a log (`eventPageSchema`). With `waitSeconds` it waits while there is nothing after the cursor and the log is open. The ETag is of the
 * whole page, so it changes with every event, and when the job ends. An open log with nothing new gets a `Retry-After`.
 *
 * @throws HeadwayError INVALID_CURSOR, JOB_NOT_FOUND; OVERLOADED or SHUTTING_DOWN where it would have to wait
 */
export async function pollEvents(options: PollOptions): Promise<PollAnswer> {
  const { delivery, job } = options
  // Events are whole here: who has a part of one gets it again.
  const { after } = parseCursor(options.after ?? '0')
  const waitMs = Math.min(options.waitSeconds ?? 0, MAX_POLL_WAIT_SECONDS) * 1000
  const deadline = performance.now() + waitMs
  let found = await readPage(options, after)
  // Again, because events of other types than the asked ones are no news.
  for (let came = waitMs > 0; came && nothingYet(found);) {
    const { next } = found.page
    came = await new PollWait(delivery, [{ id: job.id, after: next }]).news(deadline - performance.now(), options.signal)
    found = await readPage(options, next)
  }
  const body = pageText(found)
  const etag = `"${createHash('sha256').update(body).digest('base64url')}"`
  const headers: Record<string, string> = { ETag: etag, 'Cache-Control': 'no-cache' }
  if (nothingYet(found)) headers['Retry-After'] = String(delivery.settings.pollHintSeconds)
  if (matches(options.ifNoneMatch, etag)) return { status: 304, headers, body: '' }
  return { status: 200, headers: { ...headers, 'Content-Type': 'application/json' }, body }
}

/** A page of a log, and what is to be said before it. */
export interface FoundPage {
  readonly page: EventPage
  readonly reset: Reset | undefined
}

function nothingYet({ page, reset }: FoundPage): boolean {
  return page.events.length === 0 && !page.closed && reset === undefined
}

function readPage({ delivery, job, limit, types }: PollOptions, after: Seq): Promise<FoundPage> {
  const maxEvents = Math.max(1, Math.min(limit ?? DEFAULT_PAGE_EVENTS, DEFAULT_PAGE_EVENTS))
  return findPage(delivery.engine, job.id, after, { maxEvents, maxBytes: MAX_PAGE_BYTES, ...(types && { types }) })
}

/** The page of a log after a cursor; where the history after that is gone, the page that the log goes on with. @throws HeadwayError JOB_NOT_FOUND */
export async function findPage(
  engine: DeliveryEngine,
  id: JobId,
  after: Seq,
  limits: Pick<ReadRange, 'maxEvents' | 'maxBytes' | 'types'>,
): Promise<FoundPage> {
  const page = await engine.read(id, { ...limits, after })
  if (after <= page.head && after >= page.earliest - 1) return { page, reset: undefined }
  const reason = after > page.head ? 'ahead' : 'pruned'
  const from = page.earliest - 1
  return { page: await engine.read(id, { ...limits, after: from }), reset: { type: 'reset', reason, after: from, head: page.head } }
}

function pageText({ page, reset }: FoundPage): string {
  const start = reset === undefined ? '' : `"reset":${JSON.stringify(reset)},`
  const lines = page.events.map((event) => event.line).join(',')
  return `{${start}"events":[${lines}],"next":${page.next},"head":${page.head},"closed":${page.closed}}`
}

/** RFC 9110, 13.1.2, with the weak comparison. Our tags have no comma. */
function matches(ifNoneMatch: string | undefined, etag: string): boolean {
  if (ifNoneMatch === undefined) return false
  return ifNoneMatch.split(',').some((tag) => ['*', etag, `W/${etag}`].includes(tag.trim()))
}
