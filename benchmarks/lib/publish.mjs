import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { contenderChart, targetChart } from './charts.mjs'
import { page } from './markdown.mjs'

const FOLDER = new URL('../../docs/benchmarks/', import.meta.url)
const RESULTS = new URL('results.json', FOLDER)

/** Of that chart: each of these sends one event at a time. */
const FAN_OUT = ['Headway', 'bare node:http', 'better-sse', 'bare ws']

/** Charts of some cases' figures. `nameOf` names a bar by its case and contender; undefined: it is not drawn. */
const CHARTS = [
  {
    file: 'fan-out.svg',
    label: 'Deliveries a second',
    title: 'Deliveries a second to 1,000 watchers of one job',
    key: 'rate',
    of: ['fanout-sse', 'fanout-ws'],
    nameOf: (name, row) => (FAN_OUT.includes(row) ? `${row} (${name.slice('fanout-'.length)})` : undefined),
  },
  {
    file: 'postgres-jobs.svg',
    label: 'Empty jobs for each second of processor time',
    title: 'PostgreSQL: empty jobs for each second of processor time, node and database together',
    key: 'perCore',
    of: ['postgres-jobs'],
    nameOf: (_, row) => row,
  },
  {
    file: 'postgres-progress.svg',
    label: 'Progress and log lines for each second of processor time',
    title: 'Progress and log lines for each second of processor time, node and database together',
    key: 'perCore',
    of: ['postgres-progress'],
    nameOf: (_, row) => row,
  },
  {
    file: 'postgres-append.svg',
    label: 'How long an event waits for its acknowledgement',
    title: 'PostgreSQL: median until an event is acknowledged, in ms, by the rate that was offered',
    key: 'ackP50',
    of: ['postgres-append'],
    nameOf: (_, row) => (row === 'closed loop' ? undefined : row),
    digits: 1,
  },
]

/** Writes results.json, the page and its charts. Cases that did not run now keep what they had. */
export async function publish(results, order) {
  await mkdir(FOLDER, { recursive: true })
  const earlier = await readResults()
  const byName = new Map([...(earlier?.cases ?? []), ...results.cases].map((found) => [found.name, found]))
  const cases = order.map((name) => byName.get(name)).filter((found) => found !== undefined)
  const all = { ...results, cases }
  const charts = [{ file: 'targets.svg', label: 'How far each target is reached', svg: targetChart(cases) }]
  for (const { file, label, title, key, of, nameOf, digits } of CHARTS) {
    const bars = of.flatMap((name) => (byName.get(name)?.rows ?? []).flatMap((row) => barOf(nameOf(name, row.name), row.figures[key])))
    if (bars.length > 0) charts.push({ file, label, svg: contenderChart(title, bars, digits) })
  }
  for (const { file, svg } of charts) await writeFile(new URL(file, FOLDER), `${svg}\n`)
  await writeFile(RESULTS, `${JSON.stringify(all, null, 2)}\n`)
  await writeFile(new URL('README.md', FOLDER), page(all, charts))
}

/** A bar as high as the median; none for what is not drawn. */
function barOf(name, figure) {
  return name === undefined || figure === undefined ? [] : [{ name, value: figure.median }]
}

async function readResults() {
  try {
    return JSON.parse(await readFile(RESULTS, 'utf8'))
  } catch (error) {
    if (error.code === 'ENOENT') return undefined
    throw error
  }
}
