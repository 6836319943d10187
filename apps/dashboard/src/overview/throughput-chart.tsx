import type { Stats } from '@headway/protocol'
import { useMemo } from 'react'
import uPlot from 'uplot'
import { Chart } from '../shared/chart.js'
import { useColors } from '../shared/use-colors.js'

const HEIGHT = 200
const COLORS = ['--hw-completed', '--hw-failed', '--hw-cancelled', '--hw-running', '--hw-line', '--mantine-color-dimmed'] as const

/** Bars of what ended, one on the other, and a line of what was created; a minute each. */
export function ThroughputChart({ minutes }: { readonly minutes: Stats['minutes'] }) {
  const colors = useColors(COLORS)
  const options = useMemo(() => chartOptions(colors), [colors])
  const data = useMemo(() => stacked(minutes), [minutes])
  const ended = minutes.reduce((sum, { completed, failed, cancelled }) => sum + completed + failed + cancelled, 0)
  return <Chart options={options} data={data} label={`Jobs in each minute of the last hour: ${ended} ended.`} />
}

/** What was created, behind all; then the highest bar, so that the lower ones are drawn over it. */
function stacked(minutes: Stats['minutes']): uPlot.AlignedData {
  return [
    minutes.map(({ at }) => Date.parse(at) / 1000),
    minutes.map(({ created }) => created),
    minutes.map(({ completed, failed, cancelled }) => completed + failed + cancelled),
    minutes.map(({ completed, failed }) => completed + failed),
    minutes.map(({ completed }) => completed),
  ]
}

function chartOptions(colors: Readonly<Record<(typeof COLORS)[number], string>>): Omit<uPlot.Options, 'width'> {
  const bars = uPlot.paths.bars?.({ size: [0.7, 14] })
  const bar = (color: string): uPlot.Series => ({
    fill: color,
    width: 0,
    points: { show: false },
    ...(bars !== undefined && { paths: bars }),
  })
  const axis = { stroke: colors['--mantine-color-dimmed'], ticks: { show: false }, grid: { stroke: colors['--hw-line'], width: 1 } }
  const clock = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' })
  return {
    height: HEIGHT,
    legend: { show: false },
    cursor: { show: false },
    padding: [8, 16, 0, 0],
    scales: {
      // Half a minute more on both sides, for whole bars.
      x: { range: (_plot, min, max) => [min - 30, max + 30] },
      y: { range: (_plot, _min, max) => [0, Math.max(4, Math.ceil(max))] },
    },
    axes: [
      { ...axis, grid: { show: false }, size: 28, space: 60, values: (_plot, times) => times.map((time) => clock.format(time * 1000)) },
      { ...axis, size: 38, incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000] },
    ],
    series: [
      {},
      { stroke: colors['--hw-running'], width: 1, points: { show: false } },
      bar(colors['--hw-cancelled']),
      bar(colors['--hw-failed']),
      bar(colors['--hw-completed']),
    ],
  }
}
