import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { contenderChart, targetChart } from './charts.mjs'
import { page } from './markdown.mjs'

const FOLDER = new URL('../../docs/benchmarks/', import.meta.url)
const RESULTS = new URL('results.json', FOLDER)

/** Writes results.json, the page and its charts. Cases that did not run now keep what they had. */
export async function publish(results, order) {
  await mkdir(FOLDER, { recursive: true })
  const earlier = await readResults()
  const byName = new Map([...(earlier?.cases ?? []), ...results.cases].map((found) => [found.name, found]))
  const cases = order.map((name) => byName.get(name)).filter((found) => found !== undefined)
  const all = { ...results, cases, quick: cases.some(({ quick }) => quick) }
  const charts = [{ file: 'targets.svg', label: 'How far each target is reached', svg: targetChart(cases) }]
  const bars = cases.flatMap((found) => found.rows.filter(({ name }) => found.drawn.includes(name)).map((row) => barOf(found.name, row)))
  if (bars.length > 0) {
    charts.push({
      file: 'fan-out.svg',
      label: 'Deliveries a second',
      svg: contenderChart('Deliveries a second to 1,000 watchers of one job', bars),
    })
  }
  for (const { file, svg } of charts) await writeFile(new URL(file, FOLDER), `${svg}\n`)
  await writeFile(RESULTS, `${JSON.stringify(all, null, 2)}\n`)
  await writeFile(new URL('README.md', FOLDER), page(all, charts))
}

/** A bar as high as the contender's rate. */
function barOf(caseName, { name, figures }) {
  return { name: `${name} (${caseName.slice('fanout-'.length)})`, value: figures.rate.median }
}

async function readResults() {
  try {
    return JSON.parse(await readFile(RESULTS, 'utf8'))
  } catch (error) {
    if (error.code === 'ENOENT') return undefined
    throw error
  }
}
