import { DownloadError } from './errors.js'

/** A signal that is aborted with another one, and when a time is over that is counted from `start`. */
export interface Deadline extends Disposable {
  readonly signal: AbortSignal
  /** Starts the time; only the first call counts. */
  start(): void
}

/** @param ms how long everything after `start` may take */
export function createDeadline(outer: AbortSignal, ms: number): Deadline {
  const controller = new AbortController()
  let timer: NodeJS.Timeout | undefined
  return {
    signal: AbortSignal.any([outer, controller.signal]),
    start() {
      timer ??= setTimeout(() => controller.abort(timedOut(ms)), ms)
    },
    [Symbol.dispose]: () => clearTimeout(timer),
  }
}

function timedOut(ms: number): DownloadError {
  const seconds = String(Math.ceil(ms / 1000))
  return new DownloadError('SOURCE_TIMEOUT', `The source was not there as a whole after ${seconds} s, which is the limit.`, {
    hostFault: true,
  })
}
