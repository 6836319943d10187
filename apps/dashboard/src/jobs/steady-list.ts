import type { Job } from '@headway/protocol'
import { isOver } from '../shared/statuses.js'

/** A list that holds still: what is in it changes where it stands, and new jobs wait until they are asked for. */
export interface SteadyList {
  /** As they are shown. */
  readonly jobs: readonly Job[]
  /** The page after them. */
  readonly nextCursor: string | null
  /** How many new ones wait, in the newest page. */
  readonly waiting: number
  /** Whether more than these wait: none of those that are shown is in the newest page. */
  readonly more: boolean
}

/** So many jobs that went out of a page are asked for together, by requests that the limit of an address counts. */
const LOST_AT_ONCE = 10

export interface ListedPage {
  readonly jobs: readonly Job[]
  readonly nextCursor: string | null
}

/** The list as it is when a page is shown as a whole. */
export function shown({ jobs, nextCursor }: ListedPage): SteadyList {
  return { jobs, nextCursor, waiting: 0, more: false }
}

/** The list after the same page was fetched again. */
export function refreshed(list: SteadyList, page: ListedPage): SteadyList {
  // There is nothing that could jump.
  if (list.jobs.length === 0) return shown(page)
  const fresh = new Map(page.jobs.map((job) => [job.id, job]))
  const known = new Set(list.jobs.map(({ id }) => id))
  const newest = list.jobs[0]?.createdAt ?? ''
  const waiting = page.jobs.filter(({ id, createdAt }) => !known.has(id) && createdAt >= newest).length
  return {
    ...list,
    jobs: list.jobs.map((job) => fresh.get(job.id) ?? job),
    waiting,
    more: waiting > 0 && waiting === page.jobs.length,
  }
}

/** The jobs that are shown, may still change, and are not told of by the page: they went on to another status, or to another page. */
export function lost(list: SteadyList, page: ListedPage): string[] {
  const fresh = new Set(page.jobs.map(({ id }) => id))
  return list.jobs.filter(({ id, status }) => !fresh.has(id) && !isOver(status)).map(({ id }) => id)
}

/** Of jobs that went out of a page, those to ask for now. @param askedAt when each was asked for last, which is noted here */
export function nextLost(ids: readonly string[], askedAt: Map<string, number>, now: number): string[] {
  const next = ids.toSorted((a, b) => (askedAt.get(a) ?? 0) - (askedAt.get(b) ?? 0)).slice(0, LOST_AT_ONCE)
  for (const id of next) askedAt.set(id, now)
  return next
}

/** The list with what some of its jobs are now. */
export function updated(list: SteadyList, jobs: readonly Job[]): SteadyList {
  const fresh = new Map(jobs.map((job) => [job.id, job]))
  return { ...list, jobs: list.jobs.map((job) => fresh.get(job.id) ?? job) }
}
