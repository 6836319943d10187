import { Counter, Histogram } from 'prom-client'
import type { Registry } from 'prom-client'

const SECONDS_BUCKETS = [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300]

/** Counts and times of requests, by route template. */
export interface RequestMetrics {
  observe(method: string, route: string, status: number, seconds: number): void
}

/** Methods that have a name of their own in metrics: a client can make up any other. */
const METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])

export function requestMetrics(registry: Registry): RequestMetrics {
  const labelNames = ['method', 'route', 'status'] as const
  const requests = new Counter({
    name: 'headway_http_requests_total',
    help: 'Requests that were answered, or whose client went away',
    labelNames,
    registers: [registry],
  })
  const durations = new Histogram({
    name: 'headway_http_request_duration_seconds',
    help: 'Time from the head of a request to the end of its answer; a stream counts with its whole length',
    labelNames,
    buckets: SECONDS_BUCKETS,
    registers: [registry],
  })
  return {
    observe(method, route, status, seconds) {
      const labels = { method: METHODS.has(method) ? method : 'other', route, status: String(status) }
      requests.inc(labels)
      durations.observe(labels, seconds)
    },
  }
}
