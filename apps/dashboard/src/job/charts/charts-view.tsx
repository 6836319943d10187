import { memo, useMemo } from 'react'
import { formatBytes, formatCount, formatDuration, formatRate } from '../../shared/format.js'
import { counted } from '../format.js'
import type { CacheUse, Download, Metric, Transformation } from '../model/figures.js'
import type { JobRecord } from '../model/job-record.js'
import type { ProgressPoint } from '../model/progress.js'
import { TitledChart } from './titled-chart.js'
import classes from './charts.module.css'
import { DownloadTable } from './download-table.js'

/** So many metrics have a chart of their own. */
const MAX_METRICS = 12

interface ChartsViewProps {
  readonly record: JobRecord
  readonly seq: number
  /** Grows when the record has changed. */
  readonly version: number
}

/** The figures of a job as charts: for any job how fast its log grows and how far it is; for compilations all that they measure. */
export const ChartsView = memo(function ChartsView({ record, seq, version }: ChartsViewProps) {
  const { figures } = record
  const rate = useMemo(() => record.rate.points(record.timeOf(seq)), [record, seq, version])
  const downloads = figures.downloads.until(seq)
  const cache = figures.cache.until(seq)
  const transformations = figures.transformations.until(seq)
  const metrics = useMemo(() => byName(figures.metrics.until(seq)), [figures, seq, version])
  return (
    <div className={classes['charts']}>
      <RateChart times={rate.times} lines={rate.lines} events={rate.events} />
      <ProgressChart points={record.progress.until(seq)} />
      {downloads.length > 0 && <DownloadChart downloads={downloads} />}
      {cache.length > 0 && <CacheChart uses={cache} />}
      {transformations.length > 0 && <TransformationCharts transformations={transformations} />}
      {metrics.slice(0, MAX_METRICS).map(([name, all]) => (
        <MetricChart key={name} name={name} metrics={all} />
      ))}
      {downloads.length > 0 && <DownloadTable downloads={downloads} />}
    </div>
  )
})

interface RateChartProps {
  readonly times: readonly number[]
  readonly lines: readonly number[]
  readonly events: readonly number[]
}

function RateChart({ times, lines, events }: RateChartProps) {
  const most = lines.reduce((max, value) => Math.max(max, value), 0)
  const series = useMemo(
    () => [
      { label: 'Lines a second', values: lines, color: '--hw-running', kind: 'area' as const },
      { label: 'Events a second', values: events, color: '--hw-cancelled', kind: 'line' as const },
    ],
    [lines, events],
  )
  return <TitledChart title="Log" summary={`At most ${formatRate(most)} lines a second.`} x={times} series={series} format={formatRate} />
}

function ProgressChart({ points }: { readonly points: readonly ProgressPoint[] }) {
  const known = useMemo(() => points.filter(({ fraction }) => fraction !== undefined), [points])
  const x = useMemo(() => known.map(({ at }) => at / 1000), [known])
  const series = useMemo(
    () => [{ label: 'Done', values: known.map(({ fraction }) => (fraction ?? 0) * 100), color: '--hw-completed', kind: 'steps' as const }],
    [known],
  )
  const last = known.at(-1)
  if (last?.fraction === undefined) return null
  return <TitledChart title="Progress" summary={`${Math.floor(last.fraction * 100)} % done.`} x={x} series={series} format={percent} />
}

const percent = (value: number): string => `${Math.round(value)} %`

function DownloadChart({ downloads }: { readonly downloads: readonly Download[] }) {
  const size = downloads.reduce((sum, each) => sum + each.size, 0)
  const longest = downloads.reduce((max, each) => Math.max(max, each.durationMs), 0)
  const x = useMemo(() => downloads.map(({ at }) => at / 1000), [downloads])
  const series = useMemo(() => {
    let sum = 0
    return [
      { label: 'Took', values: downloads.map(({ durationMs }) => durationMs), color: '--hw-running', kind: 'points' as const },
      {
        label: 'Size so far',
        values: downloads.map((each) => (sum += each.size)),
        color: '--hw-completed',
        kind: 'steps' as const,
        scale: 'size',
      },
    ]
  }, [downloads])
  const summary = `${counted(downloads.length, 'request')}, ${formatBytes(size)}, the longest took ${formatDuration(longest)}.`
  return <TitledChart title="Downloads" summary={summary} x={x} series={series} format={formatDuration} formatRight={formatBytes} />
}

function CacheChart({ uses }: { readonly uses: readonly CacheUse[] }) {
  const last = uses.at(-1)
  const x = useMemo(() => uses.map(({ at }) => at / 1000), [uses])
  const series = useMemo(
    () => [
      { label: 'Hits', values: uses.map(({ hits }) => hits), color: '--hw-completed', kind: 'steps' as const },
      { label: 'Misses', values: uses.map(({ misses }) => misses), color: '--hw-paused', kind: 'steps' as const },
    ],
    [uses],
  )
  const summary = `${counted(last?.hits ?? 0, 'hit')}, ${last?.misses ?? 0} ${last?.misses === 1 ? 'miss' : 'misses'}, ${counted(last?.writes ?? 0, 'write')}.`
  return <TitledChart title="Cache" summary={summary} x={x} series={series} format={formatCount} />
}

function TransformationCharts({ transformations }: { readonly transformations: readonly Transformation[] }) {
  const sums = useMemo(() => sumsOf(transformations), [transformations])
  const x = useMemo(() => sums.map((_, index) => index), [sums])
  const names = useMemo(() => sums.map(({ name }) => name), [sums])
  const times = useMemo(
    () => [{ label: 'Took', values: sums.map(({ durationMs }) => durationMs), color: '--hw-running', kind: 'bars' as const }],
    [sums],
  )
  const lines = useMemo(
    () => [
      {
        label: 'Lines left out',
        values: sums.map(({ before, after }) => Math.max(0, before - after)),
        color: '--hw-cancelled',
        kind: 'bars' as const,
      },
    ],
    [sums],
  )
  const took = sums.reduce((sum, each) => sum + each.durationMs, 0)
  const removed = sums.reduce((sum, { before, after }) => sum + Math.max(0, before - after), 0)
  return (
    <>
      <TitledChart
        title="Time of transformations"
        summary={`${formatDuration(took)} in all.`}
        x={x}
        names={names}
        series={times}
        format={formatDuration}
      />
      <TitledChart
        title="Lines that transformations left out"
        summary={`${counted(removed, 'line')} in all.`}
        x={x}
        names={names}
        series={lines}
        format={formatCount}
      />
    </>
  )
}

function sumsOf(transformations: readonly Transformation[]): { name: string; durationMs: number; before: number; after: number }[] {
  const sums = new Map<string, { name: string; durationMs: number; before: number; after: number }>()
  for (const { name, durationMs, before, after } of transformations) {
    const sum = sums.get(name) ?? { name, durationMs: 0, before: 0, after: 0 }
    sums.set(name, { name, durationMs: sum.durationMs + durationMs, before: sum.before + before, after: sum.after + after })
  }
  return [...sums.values()]
}

function MetricChart({ name, metrics }: { readonly name: string; readonly metrics: readonly Metric[] }) {
  const unit = metrics[0]?.unit ?? ''
  const x = useMemo(() => metrics.map((_, index) => index), [metrics])
  const names = useMemo(() => metrics.map(({ of }) => of), [metrics])
  const title = name.replaceAll('_', ' ')
  const format = useMemo(() => (value: number) => `${formatRate(value >= 100 ? Math.round(value) : value)} ${unit}`, [unit])
  const series = useMemo(
    () => [{ label: title, values: metrics.map(({ value }) => value), color: '--hw-running', kind: 'bars' as const }],
    [title, metrics],
  )
  const only = metrics.length === 1 ? metrics[0] : undefined
  if (only !== undefined)
    return (
      <figure className={classes['chart']}>
        <figcaption>
          <span className={classes['title']}>{title}</span>
          <span className={classes['summary']}>{only.of}</span>
        </figcaption>
        <p className={classes['figure']}>{format(only.value)}</p>
      </figure>
    )
  return <TitledChart title={title} summary={counted(metrics.length, 'value')} x={x} names={names} series={series} format={format} />
}

function byName(metrics: readonly Metric[]): readonly (readonly [string, readonly Metric[]])[] {
  const names = new Map<string, Metric[]>()
  for (const metric of metrics) {
    const known = names.get(metric.name)
    if (known === undefined) names.set(metric.name, [metric])
    else known.push(metric)
  }
  return [...names]
}
