import { useCallback, useEffect, useMemo, useRef, useState } from 'react'
import type { KeyboardEvent } from 'react'
import { Button } from '@mantine/core'
import { IconArrowDown } from '@tabler/icons-react'
import { formatCount } from '../../shared/format.js'
import { counted } from '../format.js'
import { ScaledRows } from '../parts/scaled-rows.js'
import { ScaledScroll } from '../parts/scaled-scroll.js'
import { ALL_LEVELS } from './levels.js'
import { LineFilter } from './line-filter.js'
import { LogRow } from './log-row.js'
import type { LogStore } from './log-store.js'
import { LogToolbar } from './log-toolbar.js'
import classes from './log-view.module.css'
import { useLogSearch } from './use-log-search.js'

/** How high a line is, in pixels; the same as in the style sheet. */
const ROW_HEIGHT = 20

interface LogViewProps {
  readonly store: LogStore
  /** Grows when lines have come. */
  readonly version: number
  /** The line behind the last one that is shown: at a moment of the replay, not the last of all. */
  readonly end: number
  /** The name of what is downloaded. */
  readonly fileName: string
}

/** A log of any length: it follows what comes until somebody scrolls away, and can be paused, searched, filtered, copied and downloaded. */
export function LogView({ store, version, end: liveEnd, fileName }: LogViewProps) {
  const scroll = useMemo(() => new ScaledScroll(ROW_HEIGHT, true), [])
  const [levels, setLevels] = useState(ALL_LEVELS)
  const [pausedAt, setPausedAt] = useState<number>()
  const [current, setCurrent] = useState<number>()
  const filter = useMemo(() => new LineFilter(store, levels), [store, levels])
  filter.update()
  const search = useLogSearch(store, levels, version)
  const end = pausedAt === undefined ? liveEnd : Math.min(pausedAt, liveEnd)
  const count = filter.count(end)
  const seen = useSeenLines(scroll, count)
  const show = useCallback((line: number) => scroll.show(filter.placeOf(line)), [scroll, filter])

  // Another choice of levels leaves the reader where he was.
  const anchor = useRef<number>(undefined)
  useEffect(() => {
    if (!scroll.sticks && anchor.current !== undefined) scroll.show(filter.placeOf(anchor.current))
  }, [scroll, filter])
  anchor.current = filter.lineAt(scroll.top.row)

  const step = (direction: 1 | -1): void => {
    const line = nextHit(search.search, { direction, end, from: current ?? (filter.lineAt(scroll.top.row) ?? 0) - 1 })
    if (line === undefined) return
    setCurrent(line)
    show(line)
  }
  const keyDown = (event: KeyboardEvent<HTMLDivElement>): void => {
    if (event.ctrlKey || event.metaKey || event.altKey || search.text === '' || event.key.toLowerCase() !== 'n') return
    event.preventDefault()
    step(event.key === 'n' ? 1 : -1)
  }
  return (
    <section className={classes['log']} aria-label="Log">
      <LogToolbar
        store={store}
        filter={filter}
        end={end}
        search={search}
        current={current}
        onStep={step}
        levels={levels}
        onLevels={setLevels}
        isPaused={pausedAt !== undefined}
        onPause={(paused) => setPausedAt(paused ? liveEnd : undefined)}
        fileName={fileName}
      />
      {store.first > 0 && <p className={classes['note']}>The first {counted(store.first, 'line')} are no longer kept in this page.</p>}
      <div className={classes['frame']}>
        <ScaledRows
          scroll={scroll}
          count={count}
          dropped={filter.dropped}
          columns={3}
          role="log"
          label={`Log, ${counted(count, 'line')}`}
          className={classes['scroller']}
          onKeyDown={keyDown}
          row={(place) => {
            const line = filter.lineAt(place)
            if (line === undefined) return null
            return (
              <LogRow
                key={line}
                place={place + 1}
                text={store.text(line)}
                level={store.level(line)}
                seq={store.seq(line)}
                at={store.at(line)}
                needle={search.text}
                matchCase={search.matchCase}
                isCurrent={line === current}
              />
            )
          }}
        />
        {count === 0 && (
          <p className={classes['empty']}>{liveEnd === 0 ? 'Nothing is in the log yet.' : 'No line has one of these levels.'}</p>
        )}
        <NewLines
          news={pausedAt === undefined ? count - seen : filter.count(liveEnd) - count}
          isPaused={pausedAt !== undefined}
          sticks={scroll.sticks}
          toEnd={() => {
            setPausedAt(undefined)
            scroll.stick(true)
          }}
        />
      </div>
    </section>
  )
}

interface NewLinesProps {
  readonly news: number
  readonly isPaused: boolean
  readonly sticks: boolean
  readonly toEnd: () => void
}

/** What has come since somebody scrolled away or paused, and the way back to it. */
function NewLines({ news, isPaused, sticks, toEnd }: NewLinesProps) {
  if (sticks && !isPaused) return null
  return (
    <Button className={classes['news']} size="compact-sm" leftSection={<IconArrowDown size={14} aria-hidden />} onClick={toEnd}>
      {news > 0 ? `${formatCount(news)} new ${news === 1 ? 'line' : 'lines'}` : 'To the end'}
    </Button>
  )
}

/** How many lines there were when the log last stood at its end. */
function useSeenLines(scroll: ScaledScroll, count: number): number {
  const seen = useRef(count)
  const [sticks, setSticks] = useState(true)
  useEffect(() => scroll.subscribe(() => setSticks(scroll.sticks)), [scroll])
  if (sticks) seen.current = count
  // What is looked back at has fewer lines.
  seen.current = Math.min(seen.current, count)
  return seen.current
}

interface HitOptions {
  readonly direction: 1 | -1
  readonly from: number
  readonly end: number
}

/** The next line of a search, around the ends. */
function nextHit(search: ReturnType<typeof useLogSearch>['search'], { direction, from, end }: HitOptions): number | undefined {
  const hits = search?.count(end) ?? 0
  if (search === undefined || hits === 0) return undefined
  const index = direction === 1 ? search.indexFrom(from + 1) : search.indexFrom(from) - 1
  return search.lineAt(((index % hits) + hits) % hits)
}
