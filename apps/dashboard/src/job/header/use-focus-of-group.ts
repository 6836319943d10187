import { useCallback, useEffect, useRef } from 'react'
import type { RefObject } from 'react'

/** How long after a button was used the focus is looked after, in milliseconds: later, somebody may have left it on purpose. */
const LOOKED_AFTER_MS = 10_000

/** Keeps the focus among buttons that come and go. */
interface FocusOfGroup {
  readonly place: RefObject<HTMLDivElement | null>
  /** One of the buttons was used. */
  readonly act: () => void
  /** Gives the focus that went with the button that was used to the first one that is there. */
  readonly settle: () => void
}

/** @param change another one whenever other buttons may be there */
export function useFocusOfGroup(change: string): FocusOfGroup {
  const place = useRef<HTMLDivElement>(null)
  const actedAt = useRef(-Infinity)
  const settle = useCallback(() => {
    const { activeElement, body } = document
    if (performance.now() - actedAt.current < LOOKED_AFTER_MS && (activeElement === null || activeElement === body))
      place.current?.querySelector<HTMLButtonElement>('button:not(:disabled)')?.focus()
  }, [])
  useEffect(settle, [settle, change])
  return {
    place,
    settle,
    act: useCallback(() => {
      actedAt.current = performance.now()
    }, []),
  }
}
