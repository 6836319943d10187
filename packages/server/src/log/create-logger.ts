import { pino } from 'pino'
import type { DestinationStream, Level, Logger } from 'pino'
import { REDACTED_PATHS, redactUrl } from './redact.js'

/**
 * A logger that keeps secrets out, one JSON object a line.
 *
 * @param level the least important level that is written
 * @param destination where the lines go; standard output by default
 */
export function createLogger(level: Level | 'silent', destination?: DestinationStream): Logger {
  const options = {
    level,
    redact: { paths: [...REDACTED_PATHS], censor: '[redacted]' },
    timestamp: () => `,"time":"${new Date().toISOString()}"`,
    formatters: { level: (label: string) => ({ level: label }) },
    base: null,
    serializers: { url: (url: unknown) => (typeof url === 'string' ? redactUrl(url) : url) },
  }
  return destination === undefined ? pino(options) : pino(options, destination)
}
