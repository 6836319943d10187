import { memo, useState } from 'react'
import { Button } from '@mantine/core'
import { formatDuration } from '../../shared/format.js'
import { counted } from '../format.js'
import type { Lane, Span } from '../model/spans.js'
import classes from './timeline-view.module.css'

/** So many rows are shown before somebody asks for all. */
const FIRST_ROWS = 200

const LANES: readonly { readonly lane: Lane; readonly title: string }[] = [
  { lane: 'status', title: 'Status' },
  { lane: 'attempt', title: 'Attempts' },
  { lane: 'step', title: 'Steps' },
  { lane: 'photo', title: 'Photos' },
  { lane: 'phase', title: 'Phases' },
  { lane: 'source', title: 'Sources' },
  { lane: 'transformation', title: 'Transformations' },
]

const ENDS = { done: 'done', failed: 'failed', stopped: 'stopped' } as const

interface TimelineViewProps {
  readonly spans: readonly Span[]
  readonly omitted: number
  /** When the job was made, and the moment that is looked at: milliseconds since 1970. */
  readonly from: number
  readonly to: number
}

/** What took how long: a row for each thing, its bar where it lies in the time of the job. */
export const TimelineView = memo(function TimelineView({ spans, omitted, from, to }: TimelineViewProps) {
  const [isAll, setAll] = useState(false)
  const rows = LANES.flatMap(({ lane, title }) => rowsOf(lane, title, spans))
  const shown = isAll ? rows : rows.slice(0, FIRST_ROWS)
  const span = Math.max(1, to - from)
  return (
    <section className={classes['timeline']} aria-label="Timeline">
      <table className={classes['table']}>
        <caption className="visually-hidden">What the job did, from its creation on</caption>
        <thead>
          <tr>
            <th scope="col">What</th>
            <th scope="col" className={classes['lane']}>
              <span className="visually-hidden">When</span>
              <Scale span={span} />
            </th>
            <th scope="col" className={classes['took']}>
              Took
            </th>
          </tr>
        </thead>
        <tbody>
          {shown.map((row, index) => (
            <TimelineRow key={index} row={row} isFirst={rows[index - 1]?.title !== row.title} from={from} to={to} />
          ))}
        </tbody>
      </table>
      {rows.length > shown.length && (
        <Button variant="subtle" size="xs" m="xs" onClick={() => setAll(true)}>
          Show all {counted(rows.length, 'row')}
        </Button>
      )}
      {omitted > 0 && <p className={classes['note']}>{counted(omitted, 'more span')} did not fit.</p>}
    </section>
  )
})

interface Row {
  readonly title: string
  readonly name: string
  readonly spans: readonly Span[]
}

/** Statuses and what comes one after the other share a row by their name; the rest has a row each. */
function rowsOf(lane: Lane, title: string, spans: readonly Span[]): Row[] {
  const own = spans.filter((span) => span.lane === lane)
  if (lane === 'attempt' || lane === 'photo') return own.map((span) => ({ title, name: span.name, spans: [span] }))
  const byName = new Map<string, Span[]>()
  for (const span of own) {
    const known = byName.get(span.name)
    if (known === undefined) byName.set(span.name, [span])
    else known.push(span)
  }
  return [...byName].map(([name, all]) => ({ title, name, spans: all }))
}

interface TimelineRowProps {
  readonly row: Row
  readonly isFirst: boolean
  readonly from: number
  readonly to: number
}

function TimelineRow({ row: { title, name, spans }, isFirst, from, to }: TimelineRowProps) {
  const took = spans.reduce((sum, span) => sum + (span.endAt ?? to) - span.at, 0)
  const last = spans.at(-1)
  const note = last?.endNote ?? last?.note
  return (
    <tr className={isFirst ? classes['first'] : undefined}>
      <th scope="row">
        {isFirst && <span className={classes['group']}>{title}</span>}
        <span className={classes['name']} title={name}>
          {name}
        </span>
        {note !== undefined && (
          <span className={classes['remark']} title={note}>
            {note}
          </span>
        )}
      </th>
      <td className={classes['lane']}>
        <div className={classes['track']}>
          {spans.map((span, index) => (
            <Bar key={index} span={span} from={from} to={to} />
          ))}
        </div>
      </td>
      <td className={classes['took']}>
        {formatDuration(took)}
        {spans.length > 1 && <span className={classes['times']}>{spans.length}×</span>}
      </td>
    </tr>
  )
}

function Bar({ span, from, to }: { readonly span: Span; readonly from: number; readonly to: number }) {
  const whole = Math.max(1, to - from)
  const begin = Math.max(0, span.at - from)
  const length = Math.max(0, (span.endAt ?? to) - span.at)
  const end = span.end === undefined ? 'goes on' : ENDS[span.end]
  const text = `${span.name}: after ${formatDuration(begin)}, for ${formatDuration(length)}, ${end}`
  return (
    <span
      className={classes['span']}
      data-lane={span.lane}
      data-name={span.name}
      data-end={span.end ?? 'open'}
      title={text}
      style={{ left: `${Math.min(100, (begin / whole) * 100)}%`, width: `${Math.min(100, (length / whole) * 100)}%` }}
    >
      <span className="visually-hidden">{text}</span>
    </span>
  )
}

/** Round times along the top. */
function Scale({ span }: { readonly span: number }) {
  const step = stepOf(span)
  const ticks = Array.from({ length: Math.floor(span / step) + 1 }, (_, index) => index * step)
  return (
    <span className={classes['scale']} aria-hidden>
      {ticks.map((at) => (
        <span key={at} className={classes['tick']} style={{ left: `${(at / span) * 100}%` }}>
          {at === 0 ? '0' : formatDuration(at).replace(/\.0 s$/, ' s')}
        </span>
      ))}
    </span>
  )
}

/** Such that there are two to five steps. */
function stepOf(span: number): number {
  const steps = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1e3, 2e3, 5e3, 1e4, 3e4, 6e4, 12e4, 3e5, 6e5, 18e5, 36e5, 72e5, 216e5, 864e5]
  return steps.find((step) => span / step <= 5) ?? span / 4
}
