import type { Stats } from '@headway/protocol'
import type { ReactNode } from 'react'
import { formatCount, formatDuration, formatRate, formatShort } from '../shared/format.js'
import classes from './overview.module.css'

/** The figures that one looks at first. */
export function Figures({ stats }: { readonly stats: Stats }) {
  const { jobs, minutes, oldestQueuedAt, events, workers, watchers, at } = stats
  const hour = { completed: 0, failed: 0, cancelled: 0, created: 0 }
  for (const minute of minutes) {
    hour.completed += minute.completed
    hour.failed += minute.failed
    hour.cancelled += minute.cancelled
    hour.created += minute.created
  }
  return (
    <dl className={classes['figures']}>
      <Figure name="Running" value={formatCount(jobs.running)}>
        {workers.length === 1 ? 'on 1 node' : `on ${workers.length} nodes`}
        {jobs.paused > 0 && `, ${formatCount(jobs.paused)} paused`}
      </Figure>
      <Figure name="Queued" value={formatCount(jobs.queued)}>
        {oldestQueuedAt === null
          ? 'none waits'
          : `oldest waits ${formatDuration(Math.max(0, Date.parse(at) - Date.parse(oldestQueuedAt)))}`}
      </Figure>
      <Figure name="Completed, last hour" value={formatShort(hour.completed)}>
        {formatShort(hour.created)} created
      </Figure>
      <Figure name="Failed, last hour" value={formatShort(hour.failed)} alarm={hour.failed > 0}>
        {formatShort(hour.cancelled)} cancelled
      </Figure>
      <Figure name="Events" value={`${formatRate(events.perSecond)}/s`}>
        written now
      </Figure>
      <Figure name="Watchers" value={formatCount(watchers.sse + watchers.websocket + watchers.poll)}>
        at all nodes
      </Figure>
    </dl>
  )
}

interface FigureProps {
  readonly name: string
  readonly value: string
  readonly alarm?: boolean
  readonly children: ReactNode
}

function Figure({ name, value, alarm = false, children }: FigureProps) {
  return (
    <div className={classes['figure']} data-alarm={alarm}>
      <dt>{name}</dt>
      <dd>{value}</dd>
      <dd>{children}</dd>
    </div>
  )
}
