import { useCallback, useLayoutEffect, useRef, useSyncExternalStore } from 'react'
import type { AriaRole, KeyboardEvent, ReactNode, RefObject } from 'react'
import type { ScaledScroll } from './scaled-scroll.js'
import classes from './scaled-rows.module.css'

interface ScaledRowsProps {
  readonly scroll: ScaledScroll
  readonly count: number
  /** How many rows went away before the first one. */
  readonly dropped?: number
  /** Whose rows they are: what went away is counted for each list anew. */
  readonly list?: object
  readonly row: (index: number) => ReactNode
  readonly label: string
  /** Of the region: `log`, say. */
  readonly role?: AriaRole
  readonly className?: string | undefined
  readonly columns: number
  readonly onKeyDown?: (event: KeyboardEvent<HTMLDivElement>) => void
}

/** Any number of rows of one height, of which only those are rendered that are seen. Moved with the arrows, Page Up and Down, Home and End. */
export function ScaledRows({
  scroll,
  count,
  dropped = 0,
  list,
  row,
  label,
  role = 'region',
  className,
  columns,
  onKeyDown,
}: ScaledRowsProps) {
  useSyncExternalStore(scroll.subscribe, scroll.snapshot)
  useLayoutEffect(() => scroll.setCount(count, dropped, list))
  const rows = useFocusOfRows()
  const attach = useCallback((element: HTMLDivElement | null) => (element === null ? undefined : scroll.attach(element)), [scroll])
  const { row: first, hidden } = scroll.top
  const shown = Math.max(0, Math.min(scroll.rows, count - first))
  const keyDown = (event: KeyboardEvent<HTMLDivElement>): void => {
    onKeyDown?.(event)
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return
    const move = MOVES[event.key]
    if (move === undefined) return
    event.preventDefault()
    move(scroll)
  }
  return (
    <div ref={attach} className={`${classes['scroller']} ${className ?? ''}`}>
      <div style={{ height: scroll.height }}>
        <div
          ref={rows}
          className={classes['view']}
          style={{ height: scroll.viewHeight }}
          // What changes all the time is read by whoever goes there, not said aloud.
          role={role}
          aria-live="off"
          aria-label={label}
          tabIndex={0}
          onKeyDown={keyDown}
          onFocus={({ target, currentTarget }) => {
            // Whoever is at something in a row is not to lose it because rows come.
            if (target !== currentTarget && scroll.sticks) scroll.stick(false)
          }}
        >
          <div
            className={classes['rows']}
            role="table"
            aria-label={label}
            aria-rowcount={count}
            aria-colcount={columns}
            style={{ transform: `translateY(${-hidden}px)` }}
          >
            {Array.from({ length: shown }, (_, index) => row(first + index))}
          </div>
        </div>
      </div>
    </div>
  )
}

/** What has the focus in a row that goes gives it to the list, not to nothing. @returns for the list */
function useFocusOfRows(): RefObject<HTMLDivElement | null> {
  const list = useRef<HTMLDivElement>(null)
  const hadFocus = useRef(false)
  useLayoutEffect(() => {
    if (hadFocus.current && document.activeElement === document.body) list.current?.focus({ preventScroll: true })
    hadFocus.current = list.current?.contains(document.activeElement) ?? false
  })
  return list
}

const MOVES: Readonly<Record<string, (scroll: ScaledScroll) => void>> = {
  ArrowDown: (scroll) => scroll.moveBy(1),
  ArrowUp: (scroll) => scroll.moveBy(-1),
  PageDown: (scroll) => scroll.movePage(1),
  PageUp: (scroll) => scroll.movePage(-1),
  Home: (scroll) => scroll.toStart(),
  End: (scroll) => scroll.toEnd(),
}
