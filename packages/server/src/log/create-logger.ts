import { pino } from 'pino'
import type { DestinationStream, Level, Logger } from 'pino'
import { REDACTED_PATHS, redactUrl } from './redact.js'

/**
 * A logger that keeps secrets out, one JSON object a line.
 *
 * @param level the least important level that is written
 * @param destination where the lines go; call `flush` at the end for those that are on their way
 */
export function createLogger(level: Level | 'silent', destination: 'stdout' | 'stderr' | DestinationStream): Logger {
  const options = {
    level,
    redact: { paths: [...REDACTED_PATHS], censor: '[redacted]' },
    timestamp: () => `,"time":"${new Date().toISOString()}"`,
    formatters: { level: (label: string) => ({ level: label }) },
    base: null,
    serializers: { url: (url: unknown) => (typeof url === 'string' ? redactUrl(url) : url) },
  }
  if (typeof destination === 'object') return pino(options, destination)
  // Not written at once: a slow terminal or pipe must not hold up the streams.
  return pino(options, pino.destination({ dest: destination === 'stdout' ? 1 : 2, sync: false }))
}
