import { parseArgs } from 'node:util'
import { compareCases } from './compare-cases.mjs'
import { updateCorpus } from './corpus.mjs'
import { generateCases } from './generate/cases.mjs'

// npm run compare:filters -- [--seed N] [--count N] [--only TEXT] [--generated] [--real] [--update]
// Ends with 1 when there is a difference that nothing explains.

const DEFAULT_COUNT = 300

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    count: { type: 'string', default: String(DEFAULT_COUNT) },
    only: { type: 'string', default: '' },
    update: { type: 'boolean', default: false },
  },
})
if (values.update) console.log(`The corpus has ${await updateCorpus()} cases.`)
else await compareGenerated()

async function compareGenerated() {
  const cases = [...generateCases(Number(values.seed), Number(values.count))].filter(({ name }) => name.includes(values.only))
  const { same, differences, used } = await compareCases(cases, (line) => console.log(line))
  for (const [name, times] of Object.entries(used)) console.log(`Allowed difference "${name}": ${times} cases`)
  console.log(
    `${same} of ${cases.length} generated configurations give the same bytes (seed ${values.seed}), ${differences.length} do not.`,
  )
  if (differences.length > 0) process.exitCode = 1
}
