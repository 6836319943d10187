import type { EngineFigures, StoreFigures } from '@headway/core'
import { JOB_STATUSES, ROUTES, STATS_MINUTES, statsSchema } from '@headway/protocol'
import type { JobStatus, Stats, StatusCounts } from '@headway/protocol'
import type { ServerApp } from '../context.js'
import type { ServerKit } from '../kit.js'
import { addRoute } from '../openapi/add-route.js'
import { figuresOf } from '../system/nodes.js'
import type { NodeFigures, Nodes } from '../system/nodes.js'
import { SYSTEM_TAG } from './tags.js'

const MINUTE_MS = 60_000

/** `GET /stats`: what goes on, for dashboards. */
export function mountStats(app: ServerApp, kit: ServerKit, nodes: Nodes): void {
  addRoute(
    app,
    {
      method: 'get',
      path: ROUTES.stats,
      tags: [SYSTEM_TAG.name],
      summary: 'What goes on: jobs, throughput, workers, watchers',
      access: 'key',
      responses: { 200: { description: 'The figures', content: { 'application/json': statsSchema } } },
    },
    kit.rateLimit('api'),
    async (c) => {
      await kit.requireRole(c, 'read')
      const { engine } = kit
      const [store, own] = await Promise.all([engine.stores.jobs.figures(), engine.figures()])
      const { now, waitingSince } = store
      const types = typesOf(own, [...engine.jobTypes.keys()])
      const all = await nodes.all(figuresOf(own, kit.delivery.watchers))
      const stats: Stats = {
        at: isoTime(now),
        jobs: sumOf(types),
        types,
        minutes: minutesOf(store),
        oldestQueuedAt: waitingSince === undefined ? null : isoTime(waitingSince),
        events: { perSecond: all.reduce((sum, { eventsPerSecond }) => sum + eventsPerSecond, 0) },
        workers: workersOf(store, own, all),
        watchers: watchersOf(all),
      }
      return c.json(stats)
    },
  )
}

/** Types that are offered, and those that still have jobs, by name. */
function typesOf({ counts }: EngineFigures, offered: readonly string[]): Stats['types'] {
  const types = new Map(offered.map((name) => [name, noJobs()]))
  for (const { type, status, count } of counts) {
    if (count === 0) continue
    let ofType = types.get(type)
    if (ofType === undefined) types.set(type, (ofType = noJobs()))
    ofType[status] = count
  }
  return [...types].map(([name, of]) => ({ name, ...of })).toSorted((a, b) => (a.name < b.name ? -1 : 1))
}

function sumOf(types: readonly StatusCounts[]): StatusCounts {
  const sum = noJobs()
  for (const type of types) for (const status of JOB_STATUSES) sum[status] += type[status]
  return sum
}

function noJobs(): Record<JobStatus, number> {
  return { queued: 0, running: 0, paused: 0, completed: 0, failed: 0, cancelled: 0 }
}

/** Also the minutes in which nothing happened. */
function minutesOf({ now, minutes }: StoreFigures): Stats['minutes'] {
  const known = new Map(minutes.map((minute) => [minute.at, minute]))
  const last = now - (now % MINUTE_MS)
  return Array.from({ length: STATS_MINUTES }, (_, index) => {
    const at = last - (STATS_MINUTES - 1 - index) * MINUTE_MS
    const { created = 0, completed = 0, failed = 0, cancelled = 0 } = known.get(at) ?? {}
    return { at: isoTime(at), created, completed, failed, cancelled }
  })
}

/** The nodes that run jobs, this one first, and those that have jobs and have not said how they are: they may be gone. */
function workersOf({ workers }: StoreFigures, { worker }: EngineFigures, nodes: readonly NodeFigures[]): Stats['workers'] {
  const running = new Map(workers.map(({ id, jobs }) => [id, jobs]))
  const known = nodes
    .filter(({ slots }) => slots > 0)
    .map(({ id, slots, since }) => ({ id, running: running.get(id) ?? 0, slots, since, self: id === worker }))
  const silent = workers.filter(({ id }) => !known.some((node) => node.id === id))
  return [...known, ...silent.map(({ id, jobs }) => ({ id, running: jobs, slots: null, since: null, self: false }))]
}

function watchersOf(nodes: readonly NodeFigures[]): Stats['watchers'] {
  const sum = { sse: 0, websocket: 0, poll: 0 }
  for (const { watchers } of nodes) for (const way of ['sse', 'websocket', 'poll'] as const) sum[way] += watchers[way]
  return sum
}

function isoTime(ms: number): string {
  return new Date(ms).toISOString()
}
