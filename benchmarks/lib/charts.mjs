import { init } from 'echarts'
import { format } from './markdown.mjs'

const WIDTH = 900
const ROW_HEIGHT = 28
const MARGIN = { top: 56, bottom: 30, left: 250, right: 110 }
const OURS = '#1f6feb'
const OTHERS = '#9aa4b2'
const MISSED = '#c2410c'

/** How many times over a target is reached. One of none at all is reached or not. */
function timesReached({ measured, atLeast, atMost }) {
  if (atLeast !== undefined) return Math.min(measured / atLeast, MAX_SHOWN)
  return atMost === 0 ? Number(measured === 0) : atMost / Math.max(measured, atMost / MAX_SHOWN)
}

/** Bars for each contender of the cases that have a chart, one picture for each. */
export function contenderChart(title, bars, digits = 0) {
  return barChart(title, bars, {
    color: ({ name }) => (name.startsWith('Headway') ? OURS : OTHERS),
    label: (value) => format(value, digits),
  })
}

/** How far each target is reached: 1 is just so, more is better. */
export function targetChart(cases) {
  const bars = cases.flatMap(({ name, targets }) =>
    targets.map(({ text, measured, atLeast, atMost, holds }) => ({
      name: `${name}: ${text}`,
      value: timesReached({ measured, atLeast, atMost }),
      holds,
    })),
  )
  return barChart('Targets: how many times over each is reached', bars, {
    color: ({ holds }) => (holds ? OURS : MISSED),
    label: (value) => (value >= MAX_SHOWN ? `${MAX_SHOWN} or more` : value.toFixed(2)),
    line: 1,
  })
}

/** Longer bars say nothing more. */
const MAX_SHOWN = 4

function barChart(title, bars, { color, label, line }) {
  const height = MARGIN.top + MARGIN.bottom + bars.length * ROW_HEIGHT
  const chart = init(null, null, { renderer: 'svg', ssr: true, width: WIDTH, height })
  chart.setOption({
    animation: false,
    backgroundColor: '#ffffff',
    title: { text: title, left: 12, top: 10, textStyle: { fontSize: 15 } },
    grid: { ...MARGIN, left: line === undefined ? MARGIN.left : MARGIN.left + 290 },
    xAxis: { type: 'value', splitNumber: 4 },
    yAxis: { type: 'category', inverse: true, data: bars.map(({ name }) => name), axisTick: { show: false } },
    series: [
      {
        type: 'bar',
        data: bars.map((bar) => ({ value: bar.value, itemStyle: { color: color(bar) } })),
        label: { show: true, position: 'right', formatter: ({ value }) => label(value) },
        ...(line !== undefined && {
          markLine: { symbol: 'none', label: { show: false }, lineStyle: { color: '#444' }, data: [{ xAxis: line }] },
        }),
      },
    ],
  })
  const svg = chart.renderToSVGString()
  chart.dispose()
  return svg
}
