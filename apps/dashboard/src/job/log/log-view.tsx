import { useCallback, useMemo, useState } from 'react'
import type { KeyboardEvent } from 'react'
import { counted } from '../format.js'
import type { JobFeed } from '../model/job-feed.js'
import { ScaledScroll } from '../parts/scaled-scroll.js'
import { useSamePlace } from '../parts/use-same-place.js'
import ansi from './ansi.module.css'
import { ALL_LEVELS } from './levels.js'
import { linesOfLevels } from './line-filter.js'
import { LogLines } from './log-lines.js'
import type { LogSearch } from './log-search.js'
import type { LogStore } from './log-store.js'
import { LogToolbar } from './log-toolbar.js'
import classes from './log-view.module.css'
import { ROW_HEIGHT } from './row-height.js'
import { useLogSearch } from './use-log-search.js'

interface LogViewProps {
  readonly feed: JobFeed
  readonly store: LogStore
  /** Grows, now and then, when lines have come. */
  readonly version: number
  /** The line behind the last one of the moment that is looked back at; undefined while it is now. */
  readonly end: number | undefined
  /** The name of what is downloaded. */
  readonly fileName: string
}

/**
 * A log of any length: it follows what comes until somebody scrolls away, and can be held, searched, filtered, copied and downloaded. What is
 * around the lines is drawn anew now and then; the lines with each frame.
 */
export function LogView({ feed, store, version, end, fileName }: LogViewProps) {
  const scroll = useMemo(() => new ScaledScroll(ROW_HEIGHT, true), [])
  const [levels, setLevels] = useState(ALL_LEVELS)
  const [heldAt, setHeldAt] = useState<number>()
  const [current, setCurrent] = useState<number>()
  const filter = useMemo(() => linesOfLevels(store, levels), [store, levels])
  const search = useLogSearch(store, levels, version)
  const shownEnd = Math.min(heldAt ?? Infinity, end ?? store.end)

  const keepPlace = useSamePlace(scroll, filter)

  const step = useCallback(
    (direction: 1 | -1): void => {
      const from = current ?? (filter.rowAt(scroll.top.row) ?? 0) - 1
      const line = nextHit(search.search, { direction, end: shownEnd, from })
      if (line === undefined) return
      setCurrent(line)
      scroll.show(filter.placeOf(line))
    },
    [search.search, shownEnd, current, filter, scroll],
  )
  const keyDown = (event: KeyboardEvent<HTMLDivElement>): void => {
    if (event.ctrlKey || event.metaKey || event.altKey || search.text === '' || event.key.toLowerCase() !== 'n') return
    event.preventDefault()
    step(event.key === 'n' ? 1 : -1)
  }
  return (
    <section className={`${classes['log']} ${ansi['palette']}`} aria-label="Log">
      <LogToolbar
        store={store}
        filter={filter}
        end={shownEnd}
        search={search}
        current={current}
        onStep={step}
        levels={levels}
        onLevels={(next) => {
          keepPlace()
          setLevels(next)
        }}
        isHeld={heldAt !== undefined}
        onHold={(held) => setHeldAt(held ? (end ?? store.end) : undefined)}
        fileName={fileName}
      />
      {store.first > 0 && <p className={classes['note']}>The first {counted(store.first, 'line')} are no longer kept in this page.</p>}
      <LogLines
        feed={feed}
        store={store}
        filter={filter}
        scroll={scroll}
        end={end}
        heldAt={heldAt}
        needle={search.text}
        matchCase={search.matchCase}
        current={current}
        onKeyDown={keyDown}
        onToEnd={() => {
          setHeldAt(undefined)
          scroll.stick(true)
        }}
      />
    </section>
  )
}

interface HitOptions {
  readonly direction: 1 | -1
  readonly from: number
  readonly end: number
}

/** The next line of a search, around the ends. */
function nextHit(search: LogSearch | undefined, { direction, from, end }: HitOptions): number | undefined {
  const hits = search?.count(end) ?? 0
  if (search === undefined || hits === 0) return undefined
  const index = direction === 1 ? search.indexFrom(from + 1) : search.indexFrom(from) - 1
  return search.lineAt(((index % hits) + hits) % hits)
}
