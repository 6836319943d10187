import { parseArgs } from 'node:util'
import { checkExamples } from './check-examples.mjs'
import { compareCases } from './compare-cases.mjs'
import { updateCorpus } from './corpus.mjs'
import { generateCases } from './generate/cases.mjs'
import { compareRealLists } from './real-lists.mjs'

// npm run compare:filters -- [--seed N] [--count N] [--only TEXT] [--generated | --real] [--update]
// Ends with 1 when there is a difference that nothing explains. `--update` writes the corpus anew, which `npm test` compares without the peer.

const DEFAULT_COUNT = 300

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    count: { type: 'string', default: String(DEFAULT_COUNT) },
    only: { type: 'string', default: '' },
    generated: { type: 'boolean', default: false },
    real: { type: 'boolean', default: false },
    update: { type: 'boolean', default: false },
  },
})
const say = (line) => console.log(line)

if (values.update) say(`The corpus has ${await updateCorpus()} cases.`)
else {
  const results = []
  if (!values.real) results.push(await compareExamples(), await compareGenerated())
  if (!values.generated) results.push(await compareReal())
  if (results.includes(false)) process.exitCode = 1
}

async function compareExamples() {
  const wrong = await checkExamples()
  for (const line of wrong) say(line)
  say(`The examples of allowed differences: ${wrong.length === 0 ? 'the peer does as they say' : 'see above'}.`)
  return wrong.length === 0
}

async function compareGenerated() {
  const cases = [...generateCases(Number(values.seed), Number(values.count))].filter(({ name }) => name.includes(values.only))
  const { same, differences, used } = await compareCases(cases, say)
  for (const [name, times] of Object.entries(used)) say(`Allowed difference "${name}": ${times} cases`)
  say(`${same} of ${cases.length} generated configurations give the same bytes (seed ${values.seed}), ${differences.length} do not.`)
  return differences.length === 0
}

async function compareReal() {
  const { same, differences } = await compareRealLists(say, values.only)
  say(`${same} of ${same + differences.length} configurations of real lists give the same bytes, ${differences.length} do not.`)
  return differences.length === 0
}
