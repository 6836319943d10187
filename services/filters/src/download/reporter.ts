import { randomUUID } from 'node:crypto'
import type { Diagnostic, Listener, LogLevel, Severity } from '../compiler/types.js'

type Metadata = NonNullable<Diagnostic['metadata']>

/** Says what a download does, in the words of filters.md. Nothing that it is given may hold a secret; URLs come sanitised. */
export interface Reporter {
  log(level: LogLevel, message: string): void
  diagnostic(category: 'download' | 'cache' | 'validation' | 'network', severity: Severity, message: string, metadata?: Metadata): void
  /** @param size in bytes */
  cache(operation: 'hit' | 'miss' | 'write' | 'evict', key: string, size?: number): void
  /** One request. Without `statusCode` no answer came; `responseSize` is bytes of the body over the network. */
  network(request: {
    readonly url: string
    readonly statusCode?: number
    readonly durationMs: number
    readonly responseSize?: number
  }): void
  /** In KB/s of 1,024 bytes over the network. */
  speed(source: string, bytes: number, durationMs: number): void
}

/** Makes events of what is reported. */
export function createReporter(on: Listener): Reporter {
  const log: Reporter['log'] = (level, message) => on({ type: 'log', data: { level, message } })
  const diagnostic: Reporter['diagnostic'] = (category, severity, message, metadata) => {
    const data: Diagnostic = { eventId: randomUUID(), timestamp: new Date().toISOString(), category, severity, message }
    on({ type: 'diagnostic', data: metadata === undefined ? data : { ...data, metadata } })
  }
  return {
    log,
    diagnostic,
    cache(operation, key, size) {
      const data = { eventId: randomUUID(), category: 'cache', operation, key } as const
      on({ type: 'cache', data: size === undefined ? data : { ...data, size } })
    },
    network: (request) => on({ type: 'network', data: { method: 'GET', ...request } }),
    speed(source, bytes, durationMs) {
      // Below a millisecond nothing can be said of speed; it counts as one.
      const value = Math.round((bytes / 1024 / Math.max(1, durationMs)) * 10_000) / 10
      on({ type: 'metric', data: { metric: 'download_speed', value, unit: 'KB/s', dimensions: { source } } })
    },
  }
}
