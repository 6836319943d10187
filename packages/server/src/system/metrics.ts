import type { Engine, EngineFigures } from '@headway/core'
import { collectDefaultMetrics, Counter, Gauge } from 'prom-client'
import type { Registry } from 'prom-client'
import type { Watchers } from '../delivery/watchers.js'

/**
 * Adds what the process and the engine say of themselves. The answer brings that up to date: call it before the registry is read.
 */
export function engineMetrics(registry: Registry, engine: Engine, watchers: Watchers): () => Promise<void> {
  collectDefaultMetrics({ register: registry })
  const registers = [registry]
  const jobs = new Gauge({ name: 'headway_jobs', help: 'Jobs in the store', labelNames: ['type', 'status'], registers })
  const running = new Gauge({ name: 'headway_jobs_running', help: 'Jobs that this node runs now', registers })
  const watchedJobs = new Gauge({ name: 'headway_watched_jobs', help: 'Jobs that somebody watches at this node', registers })
  const appended = new Counter({ name: 'headway_events_appended_total', help: 'Events that this node appended', registers })
  const leasesLost = new Counter({ name: 'headway_leases_lost_total', help: 'Leases that this node lost', registers })
  const watching = new Gauge({
    name: 'headway_watchers',
    help: 'Streams, sockets and waiting polls at this node',
    labelNames: ['transport'],
    registers,
  })
  const show = (figures: EngineFigures): void => {
    running.set(figures.running)
    watchedJobs.set(figures.watchedJobs)
    appended.reset()
    appended.inc(figures.eventsAppended)
    leasesLost.reset()
    leasesLost.inc(figures.leasesLost)
    jobs.reset()
    for (const { type, status, count } of figures.counts) if (count > 0) jobs.set({ type, status }, count)
  }
  let asking: Promise<void> | undefined
  return () => {
    for (const [transport, count] of Object.entries(watchers.counts())) watching.set({ transport }, count)
    // Two scrapers at once cost one look into the store.
    asking ??= engine
      .figures()
      .then(show)
      .finally(() => {
        asking = undefined
      })
    return asking
  }
}
