import { useLayoutEffect, useRef } from 'react'
import type { RowFilter } from './row-filter.js'
import type { ScaledScroll } from './scaled-scroll.js'

/**
 * Leaves the reader of a list where he is when other rows of the same store are chosen.
 *
 * @param filter another one for each choice
 * @returns to be called before the choice changes
 */
export function useSamePlace(scroll: ScaledScroll, filter: RowFilter): () => void {
  const reader = useRef<Reader>(undefined)
  const moving = useRef(false)
  // After that of the rows, which are below: by now the scroll knows how many there are.
  useLayoutEffect(() => {
    if (!moving.current) return
    moving.current = false
    if (reader.current !== undefined) reader.current = returnTo(reader.current.row, scroll, filter)
  }, [scroll, filter])
  return () => {
    moving.current = true
    reader.current = readerAt(scroll, filter, reader.current)
  }
}

/** The row that is read, and where the list was put for it. */
interface Reader {
  readonly row: number
  readonly top: number
}

/** Undefined for who is at the end and stays there. */
export function readerAt(scroll: ScaledScroll, filter: RowFilter, before: Reader | undefined): Reader | undefined {
  if (scroll.sticks) return undefined
  const top = scroll.top.row
  // Whoever has not moved still reads the same row, though there may have been too few rows to show it at the top.
  if (before?.top === top) return before
  const row = filter.rowAt(top)
  return row === undefined ? undefined : { row, top }
}

/** Shows the row, or the next one, at the top where that is possible. */
export function returnTo(row: number, scroll: ScaledScroll, filter: RowFilter): Reader {
  scroll.showAtTop(filter.placeOf(row))
  return { row, top: scroll.top.row }
}
