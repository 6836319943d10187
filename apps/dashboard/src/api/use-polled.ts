import { useCallback, useEffect, useState } from 'react'

/** What is asked for again and again. */
export interface Polled<T> {
  /** The last answer, also while newer ones fail. */
  readonly value?: T
  /** Why the last try failed; undefined when it did not. */
  readonly error?: Error
  /** Asks at once. */
  readonly refresh: () => void
}

/** After so long an answer is waited for no longer, in milliseconds: a connection can die without a word. */
const TIMEOUT_MS = 10_000

/**
 * Asks every `everyMs` while the page is visible, one request at a time; at once when it becomes visible.
 *
 * @param ask the same function from render to render
 * @param everyMs Infinity: until there is an answer, which stays
 */
export function usePolled<T>(ask: (signal: AbortSignal) => Promise<T>, everyMs: number): Polled<T> {
  const [answer, setAnswer] = useState<{ readonly value?: T; readonly error?: Error }>({})
  const [round, setRound] = useState(0)
  useEffect(() => {
    const end = new AbortController()
    let timer: ReturnType<typeof setTimeout> | undefined
    let asking = false
    let isOver = false
    const poll = async (): Promise<void> => {
      clearTimeout(timer)
      if (asking || isOver || document.visibilityState === 'hidden') return
      asking = true
      try {
        const value = await ask(AbortSignal.any([end.signal, AbortSignal.timeout(TIMEOUT_MS)]))
        isOver = everyMs === Infinity
        if (!end.signal.aborted) setAnswer({ value })
      } catch (error) {
        if (!end.signal.aborted) setAnswer((last) => ({ ...last, error: error as Error }))
      }
      asking = false
      if (!end.signal.aborted && everyMs !== Infinity) timer = setTimeout(() => void poll(), everyMs)
    }
    const visible = (): void => void poll()
    document.addEventListener('visibilitychange', visible)
    void poll()
    return () => {
      document.removeEventListener('visibilitychange', visible)
      clearTimeout(timer)
      end.abort()
    }
  }, [ask, everyMs, round])
  return { ...answer, refresh: useCallback(() => setRound((last) => last + 1), []) }
}
