// `npm run chaos -- [--rounds N] [--seed N] [--server own|headway]`
import { parseArgs } from 'node:util'
import { runChaos } from './run-chaos.mjs'
import { TARGETS } from './targets/index.mjs'

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '200' },
    seed: { type: 'string', default: String(Math.floor(Math.random() * 2 ** 32)) },
    server: { type: 'string', multiple: true, default: TARGETS.map(({ name }) => name) },
  },
})
const seed = Number(values.seed)
const rounds = Number(values.rounds)
const targets = TARGETS.filter(({ name }) => values.server.includes(name))
if (!Number.isSafeInteger(seed) || !Number.isSafeInteger(rounds) || rounds < 1 || targets.length === 0) {
  console.error(
    'Use: npm run chaos -- [--rounds N] [--seed N] [--server NAME], with a server of',
    TARGETS.map(({ name }) => name).join(', '),
  )
  process.exit(2)
}

console.log(`${rounds} rounds against ${targets.map(({ name }) => name).join(' and ')}, seed ${seed}`)
const started = performance.now()
const results = await Promise.all(targets.map((target) => runChaos({ target, rounds, seed, print: (line) => console.log(line) })))
console.log(`\nseed ${seed}, ${Math.round((performance.now() - started) / 1000)} s`)
for (const { summary, violations, folder } of results) {
  console.log(summary)
  for (const violation of violations) console.log(`VIOLATION ${violation}`)
  if (violations.length > 0) console.log(`The data folder and what the server printed are in ${folder}`)
}
process.exitCode = results.some(({ violations }) => violations.length > 0) ? 1 : 0
