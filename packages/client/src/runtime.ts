/** What a client takes from its surroundings. Tests put their own in its place. */
export interface Runtime {
  /** Milliseconds since 1970. */
  readonly now: () => number
  /** 0 up to 1. */
  readonly random: () => number
  /** @returns what stops the timer */
  readonly setTimer: (run: () => void, ms: number) => () => void
  /** Calls back when the network has come back, or the page is looked at again. @returns what ends it */
  readonly onWake: (run: () => void) => () => void
}

/** A browser's, or Node's. */
export const runtime: Runtime = {
  now: () => Date.now(),
  random: () => Math.random(),
  setTimer(run, ms) {
    const timer = setTimeout(run, ms)
    return () => clearTimeout(timer)
  },
  onWake(run) {
    if (typeof document === 'undefined') return () => undefined
    const until = new AbortController()
    addEventListener('online', run, until)
    document.addEventListener('visibilitychange', () => document.hidden || run(), until)
    return () => until.abort()
  },
}
