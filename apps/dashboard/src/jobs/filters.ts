import type { JobStatus } from '@headway/protocol'
import type { JobListQuery } from '@headway/client'
import { STATUSES } from '../shared/statuses.js'

/** Times that one often wants, and how long they are in milliseconds. */
export const SINCE = {
  '15m': { text: 'Last 15 minutes', ms: 15 * 60_000 },
  '1h': { text: 'Last hour', ms: 3_600_000 },
  '24h': { text: 'Last 24 hours', ms: 24 * 3_600_000 },
  '7d': { text: 'Last 7 days', ms: 7 * 24 * 3_600_000 },
} as const
export type Since = keyof typeof SINCE

/** Which jobs are looked for. It is what stands in the query of the page's address. */
export interface Filters {
  readonly types: readonly string[]
  readonly statuses: readonly JobStatus[]
  readonly text: string
  /** Created within this time until now. It and `from`, `to` exclude each other. */
  readonly since?: Since | undefined
  /** Created after and before: times of this computer's zone, such as `2026-11-22T15:00`. */
  readonly from?: string | undefined
  readonly to?: string | undefined
  /** When the newest of these pages was asked for, which `since` counts from: the pages after it are of the same time. ISO 8601. */
  readonly at?: string | undefined
  /** Where the page begins; the newest jobs without it. */
  readonly cursor?: string | undefined
}

/** @param search the query of the hash; what is not understood in it is left out */
export function parseFilters(search: string): Filters {
  const query = new URLSearchParams(search)
  const list = (name: string): string[] =>
    (query.get(name) ?? '')
      .split(',')
      .map((item) => item.trim())
      .filter((item) => item !== '')
  const since = query.get('since') ?? ''
  return {
    types: list('type'),
    statuses: STATUSES.filter((status) => list('status').includes(status)),
    text: query.get('text') ?? '',
    since: isSince(since) ? since : undefined,
    from: timeIn(query.get('from')),
    to: timeIn(query.get('to')),
    at: timeIn(query.get('at')),
    cursor: query.get('cursor') ?? undefined,
  }
}

/** Whether it is one of those times. */
export function isSince(name: string): name is Since {
  return Object.hasOwn(SINCE, name)
}

function timeIn(text: string | null): string | undefined {
  return text === null || Number.isNaN(Date.parse(text)) ? undefined : text
}

/** The page of the same list that begins at a cursor. @param now when the list's newest page was asked for, in milliseconds */
export function pageAt(filters: Filters, cursor: string | null, now: number): Filters {
  return { ...filters, cursor: cursor ?? undefined, at: filters.since === undefined ? undefined : new Date(now).toISOString() }
}

/** The newest page of what is looked for. */
export function newestPage(filters: Filters): Filters {
  return { ...filters, cursor: undefined, at: undefined }
}

/** The address of the page with these filters. */
export function addressOf({ types, statuses, text, since, from, to, at, cursor }: Filters): string {
  const query = new URLSearchParams()
  if (types.length > 0) query.set('type', types.join(','))
  if (statuses.length > 0) query.set('status', statuses.join(','))
  for (const [name, value] of Object.entries({ text, since, from, to, at, cursor }))
    if (value !== undefined && value !== '') query.set(name, value)
  // Commas may stand as they are, which is easier to read.
  const search = query.toString().replaceAll('%2C', ',')
  return search === '' ? '/jobs' : `/jobs?${search}`
}

/** Whether a query is the one that filters have in the address; it is not where it says more than was understood. */
export function isQueryOf(search: string, filters: Filters): boolean {
  const own = addressOf(filters).split('?')[1] ?? ''
  return new URLSearchParams(search).toString() === new URLSearchParams(own).toString()
}

/** What the server is asked. @param now in milliseconds */
export function queryOf({ types, statuses, text, since, from, to, cursor }: Filters, now: number, limit: number): JobListQuery {
  const after = since === undefined ? (from === undefined ? undefined : new Date(from)) : new Date(now - SINCE[since].ms)
  return {
    limit,
    ...(types.length > 0 && { type: types }),
    ...(statuses.length > 0 && { status: statuses }),
    ...(text !== '' && { text }),
    ...(after !== undefined && { createdAfter: after }),
    ...(to !== undefined && { createdBefore: new Date(to) }),
    ...(cursor !== undefined && { cursor }),
  }
}

/** Whether anything is filtered out. */
export function areSet({ types, statuses, text, since, from, to }: Filters): boolean {
  return types.length > 0 || statuses.length > 0 || text !== '' || since !== undefined || from !== undefined || to !== undefined
}
