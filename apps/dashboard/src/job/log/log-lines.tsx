import { Button } from '@mantine/core'
import { IconArrowDown } from '@tabler/icons-react'
import { useEffect, useRef, useState, useSyncExternalStore } from 'react'
import type { KeyboardEvent } from 'react'
import { formatCount } from '../../shared/format.js'
import { counted } from '../format.js'
import type { JobFeed } from '../model/job-feed.js'
import type { RowFilter } from '../parts/row-filter.js'
import { ScaledRows } from '../parts/scaled-rows.js'
import type { ScaledScroll } from '../parts/scaled-scroll.js'
import { LogRow } from './log-row.js'
import type { LogStore } from './log-store.js'
import classes from './log-view.module.css'

interface LogLinesProps {
  readonly feed: JobFeed
  readonly store: LogStore
  readonly filter: RowFilter
  readonly scroll: ScaledScroll
  /** The line behind the last one of the moment that is looked back at; undefined while it is now. */
  readonly end: number | undefined
  /** The line behind the last one that was there when the log was held. */
  readonly heldAt: number | undefined
  readonly needle: string
  readonly matchCase: boolean
  /** The line at which the search stands. */
  readonly current: number | undefined
  readonly onKeyDown: (event: KeyboardEvent<HTMLDivElement>) => void
  readonly onToEnd: () => void
}

/** The lines of a log, as they come. */
export function LogLines({ feed, store, filter, scroll, end, heldAt, needle, matchCase, current, onKeyDown, onToEnd }: LogLinesProps) {
  useSyncExternalStore(feed.subscribe, feed.snapshot)
  filter.update()
  const liveEnd = end ?? store.end
  const shownEnd = Math.min(heldAt ?? Infinity, liveEnd)
  const count = filter.count(shownEnd)
  const seen = useSeenLines(scroll, count)
  return (
    <div className={classes['frame']}>
      <ScaledRows
        scroll={scroll}
        count={count}
        dropped={filter.dropped}
        list={filter}
        columns={3}
        role="log"
        label={`Log, ${counted(count, 'line')}`}
        className={classes['scroller']}
        onKeyDown={onKeyDown}
        row={(place) => {
          const line = filter.rowAt(place)
          if (line === undefined) return null
          return (
            <LogRow
              key={line}
              place={place + 1}
              text={store.text(line)}
              level={store.level(line)}
              seq={store.seq(line)}
              at={store.at(line)}
              needle={needle}
              matchCase={matchCase}
              isCurrent={line === current}
            />
          )
        }}
      />
      {count === 0 && (
        <p className={classes['empty']}>{liveEnd === 0 ? 'Nothing is in the log yet.' : 'No line has one of these levels.'}</p>
      )}
      <NewLines
        news={heldAt === undefined ? count - seen : filter.count(liveEnd) - count}
        isHeld={heldAt !== undefined}
        sticks={scroll.sticks}
        onToEnd={onToEnd}
      />
    </div>
  )
}

interface NewLinesProps {
  readonly news: number
  readonly isHeld: boolean
  readonly sticks: boolean
  readonly onToEnd: () => void
}

/** What has come since somebody scrolled away or held the log, and the way back to it. */
function NewLines({ news, isHeld, sticks, onToEnd }: NewLinesProps) {
  if (sticks && !isHeld) return null
  return (
    <Button className={classes['news'] ?? ''} size="compact-sm" leftSection={<IconArrowDown size={14} aria-hidden />} onClick={onToEnd}>
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
