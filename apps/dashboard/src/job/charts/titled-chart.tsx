import { memo, useMemo, useRef } from 'react'
import uPlot from 'uplot'
import { Chart } from '../../shared/chart.js'
import { useColors } from '../../shared/use-colors.js'
import classes from './charts.module.css'

/** How high a chart is, in pixels. */
const HEIGHT = 200

/** A line or a row of bars or points, with one value for each place. */
export interface ChartSeries {
  readonly label: string
  readonly values: readonly (number | null)[]
  /** The name of a custom property with its colour. */
  readonly color: string
  readonly kind: 'line' | 'area' | 'steps' | 'bars' | 'points'
  /** Shown against a scale of its own at the right, by this name. */
  readonly scale?: string
}

interface ChartProps {
  readonly title: string
  /** What it shows, in a sentence: all that somebody needs who does not see it. */
  readonly summary: string
  /** Seconds since 1970; or places from 0 on, where there are names. */
  readonly x: readonly number[]
  /** The names of the places, where x is none of time. */
  readonly names?: readonly string[]
  readonly series: readonly ChartSeries[]
  readonly format: (value: number) => string
  readonly formatRight?: (value: number) => string
}

/** A chart with its title and a sentence about it, drawn anew when what it looks like changes; values come without that. */
export const TitledChart = memo(function TitledChart({ title, summary, x, names, series, format, formatRight = format }: ChartProps) {
  const data = useMemo(() => [x, ...series.map(({ values }) => values)] as unknown as uPlot.AlignedData, [x, series])
  // What it looks like, as a text: the same one while only values come.
  const form = JSON.stringify([series.map(({ label, color, kind, scale }) => [label, color, kind, scale]), names])
  const latest = useRef({ series, names, format, formatRight })
  latest.current = { series, names, format, formatRight }
  const colorNames = useMemo(() => [...OWN_COLORS, ...latest.current.series.map(({ color }) => color)], [form])
  const colors = useColors(colorNames)
  const options = useMemo(() => optionsOf(latest, colors), [form, colors])
  return (
    <figure className={classes['chart']}>
      <figcaption>
        <span className={classes['title']}>{title}</span>
        <span className={classes['summary']}>{summary}</span>
      </figcaption>
      <div className={classes['plot']}>
        <Chart options={options} data={data} label={`${title}. ${summary}`} />
      </div>
    </figure>
  )
})

/** Of the axes. */
const OWN_COLORS = ['--mantine-color-dimmed', '--hw-line'] as const

type Latest = {
  readonly current: {
    readonly series: readonly ChartSeries[]
    readonly names: readonly string[] | undefined
    readonly format: (value: number) => string
    readonly formatRight: (value: number) => string
  }
}

function optionsOf(latest: Latest, colors: Readonly<Record<string, string>>): Omit<uPlot.Options, 'width'> {
  const color = (name: string): string => colors[name] ?? ''
  const { series, names } = latest.current
  const right = series.find(({ scale }) => scale !== undefined)?.scale
  const axis = {
    stroke: color('--mantine-color-dimmed'),
    grid: { stroke: color('--hw-line'), width: 1 },
    ticks: { show: false },
    font: '12px system-ui',
  }
  const value = (text: (value: number) => string) => (_: uPlot, each: number | null) => (each === null ? '' : text(each))
  return {
    height: HEIGHT,
    legend: { show: series.length > 1 || names === undefined, live: true },
    cursor: { points: { size: 6 }, drag: { x: false, y: false } },
    scales: {
      x:
        names === undefined
          ? { time: true, range: ({ data: [times] }, min, max) => (times.length === 1 ? [min - ALONE_S, min + ALONE_S] : [min, max]) }
          : { time: false, range: (_, min, max) => [min - 0.6, max + 0.6] },
      y: { range: (_, _min, max) => [0, max > 0 ? max * 1.1 : 1] },
      ...(right !== undefined && {
        [right]: { range: (_: uPlot, _min: number, max: number): [number, number] => [0, max > 0 ? max * 1.1 : 1] },
      }),
    },
    axes: [
      names === undefined
        ? { ...axis, space: TIME_WIDTH, values: TIME_FORMATS }
        : {
            ...axis,
            grid: { show: false },
            splits: () => names.map((_, index) => index),
            values: ({ width }, splits) => splits.map((at) => shortName(names[at] ?? '', (width - AXIS_WIDTH * 1.5) / names.length)),
          },
      { ...axis, size: AXIS_WIDTH, values: (_, splits) => splits.map((each) => latest.current.format(each)) },
      ...(right === undefined
        ? []
        : [
            {
              ...axis,
              scale: right,
              side: 1 as const,
              size: AXIS_WIDTH,
              grid: { show: false },
              values: (_: uPlot, splits: number[]) => splits.map((each) => latest.current.formatRight(each)),
            },
          ]),
    ],
    series: [
      names === undefined ? { value: '{HH}:{mm}:{ss}' } : { value: (_, at) => names[at] ?? '' },
      ...series.map(({ label, kind, scale, color: name }): uPlot.Series => ({
        label,
        scale: scale ?? 'y',
        stroke: color(name),
        width: kind === 'points' ? 0 : 1.5,
        // A single value is no line.
        points: { show: (plot) => kind === 'points' || (kind !== 'bars' && plot.data[0].length === 1), size: 6, fill: color(name) },
        ...(kind === 'area' && { fill: `color-mix(in srgb, ${color(name)} 18%, transparent)` }),
        ...(kind === 'bars' && { fill: color(name) }),
        ...pathsOf(kind),
        value: value(scale === undefined ? (each) => latest.current.format(each) : (each) => latest.current.formatRight(each)),
      })),
    ],
  }
}

/** Times of the day, in 24 hours. */
const TIME_FORMATS: NonNullable<uPlot.Axis.Values> = [
  [3600 * 24, '{MMM} {D}', null, null, null, null, null, null, 1],
  [60, '{HH}:{mm}', '\n{MMM} {D}', null, null, null, null, null, 1],
  [1, '{HH}:{mm}:{ss}', null, null, null, null, null, null, 1],
  [0.001, ':{ss}.{fff}', null, null, null, null, null, null, 1],
]

function pathsOf(kind: ChartSeries['kind']): { paths?: uPlot.Series.PathBuilder } {
  const builder =
    kind === 'bars' ? uPlot.paths.bars?.({ size: [0.7, 60] }) : kind === 'steps' ? uPlot.paths.stepped?.({ align: 1 }) : undefined
  return builder === undefined ? {} : { paths: builder }
}

/** So much is shown on both sides of a single moment, in seconds: the library would show years. */
const ALONE_S = 30

/** How wide the axis at a side is, and the room for a time on the axis below, in pixels. */
const AXIS_WIDTH = 64
const TIME_WIDTH = 76

/** How wide a letter is, about, in pixels. */
const LETTER = 7

function shortName(name: string, width: number): string {
  const letters = Math.max(2, Math.floor(width / LETTER) - 1)
  return name.length > letters ? `${name.slice(0, letters - 1)}…` : name
}
