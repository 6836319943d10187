import { cpus, loadavg } from 'node:os'
import { parseArgs } from 'node:util'
import { profileInto } from './lib/child.mjs'
import { interleave } from './lib/interleave.mjs'
import { machineFacts } from './lib/machine.mjs'
import { caseSection, format, targetLine } from './lib/markdown.mjs'
import { publish } from './lib/publish.mjs'
import { judge, rowsOf, summaryOf } from './lib/summary.mjs'

// npm run bench -- [--only CASE] [--runs N] [--quick] [--profile FOLDER]
// Speed is no test: this ends with 0 also when a target is missed, and says so.

const RUNS = 7
const QUICK_RUNS = 3
const ORDER = [
  'fanout-sse',
  'fanout-ws',
  'idle-memory',
  'appends',
  'replay',
  'empty-jobs',
  'stalled-watchers',
  'task-lines',
  'release-files',
  'compile-lists',
  'compile-delay',
  'import-parse',
  'enrich',
  'import-rows',
  'shelf-scan',
  'postgres-append',
  'postgres-jobs',
  'postgres-progress',
  'postgres-delivery',
  'postgres-size',
  'postgres-notify',
]

const { values } = parseArgs({
  options: {
    only: { type: 'string', multiple: true },
    runs: { type: 'string' },
    quick: { type: 'boolean', default: false },
    profile: { type: 'string' },
  },
})
const runs = Number(values.runs ?? (values.quick ? QUICK_RUNS : RUNS))
if (!Number.isInteger(runs) || runs < 1) throw new Error('--runs takes a whole number from 1.')
const names = ORDER.filter((name) => values.only === undefined || values.only.includes(name))
for (const name of values.only ?? [])
  if (!ORDER.includes(name)) throw new Error(`There is no case "${name}". There are: ${ORDER.join(', ')}.`)

if (values.profile !== undefined) profileInto(values.profile)

async function runCase(name) {
  const { title, about, columns, contenders, targets, maxRuns = Infinity } = await import(`./cases/${name}.mjs`)
  const rounds = Math.min(runs, maxRuns)
  // Before the case has any part in it; what the case before left behind decays within the minute.
  const busy = loadavg()[0] > 2 * cpus().length
  const results = await interleave(contenders(values.quick), rounds, (round, contender, figures) => {
    const [{ key, label, digits }] = columns
    console.error(`${name} ${round + 1}/${rounds} ${contender}: ${format(figures[key], digits)} ${label}`)
  })
  const judged = targets(summaryOf(results)).map(judge)
  return { name, title, about, runs: rounds, quick: values.quick, busy, columns, rows: rowsOf(results), targets: judged }
}

const cases = []
for (const name of names) {
  const found = await runCase(name)
  cases.push(found)
  console.log(caseSection(found))
}
await publish({ machine: machineFacts(), at: new Date().toISOString(), cases }, ORDER)

const missed = cases.flatMap(({ name, targets }) => targets.filter(({ holds }) => !holds).map((target) => `${name} ${targetLine(target)}`))
console.log(missed.length === 0 ? 'All targets hold.' : `${missed.length} targets are missed:\n${missed.join('\n')}`)
