import { mkdirSync, openSync } from 'node:fs'
import { join } from 'node:path'
import { pino } from 'pino'
import type { DestinationStream, Level, Logger } from 'pino'
import { REDACTED_PATHS, redactUrl } from './redact.js'

/** What a slow disk, terminal or pipe makes wait, in bytes; lines beyond are dropped. */
const MAX_WAITING_BYTES = 16 * 1024 * 1024

/**
 * A logger that keeps secrets out, one JSON object a line.
 *
 * @param level the least important level that is written
 * @param destination where the lines go; call `flush` at the end for those that are on their way
 * @param folder is made, and gets the lines, too: all in `combined.log`, those of level error and above in `error.log`
 * @throws Error of Node's, with `code` and `path`, when the folder or its files can't be opened
 */
export function createLogger(level: Level | 'silent', destination: 'stdout' | 'stderr' | DestinationStream, folder?: string): Logger {
  const options = {
    level,
    redact: { paths: [...REDACTED_PATHS], censor: '[redacted]' },
    timestamp: () => `,"time":"${new Date().toISOString()}"`,
    formatters: { level: (label: string) => ({ level: label }) },
    base: null,
    serializers: { url: (url: unknown) => (typeof url === 'string' ? redactUrl(url) : url) },
  }
  const main = typeof destination === 'object' ? destination : writeLater(destination === 'stdout' ? 1 : 2)
  if (folder === undefined) return pino(options, main)
  mkdirSync(folder, { recursive: true })
  return pino(
    options,
    pino.multistream([
      { level: 'trace', stream: main },
      { level: 'trace', stream: file(folder, 'combined.log') },
      { level: 'error', stream: file(folder, 'error.log') },
    ]),
  )
}

/** Not written at once: a slow terminal or pipe must not hold up the streams. */
function writeLater(fd: number): DestinationStream & NodeJS.EventEmitter {
  return pino.destination({ dest: fd, sync: false, maxLength: MAX_WAITING_BYTES })
}

function file(folder: string, name: string): DestinationStream {
  const stream = writeLater(openSync(join(folder, name), 'a'))
  // A full disk must not end the server; its lines are on the other destination.
  stream.on('error', () => {})
  return stream
}
