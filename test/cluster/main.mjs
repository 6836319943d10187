// `npm run chaos:cluster -- [--minutes N] [--jobs N] [--seed N]`
import { parseArgs } from 'node:util'
import { runCluster } from './run-cluster.mjs'

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '10' },
    jobs: { type: 'string', default: '300' },
    seed: { type: 'string', default: String(Math.floor(Math.random() * 2 ** 32)) },
  },
})
const [minutes, jobs, seed] = [values.minutes, values.jobs, values.seed].map(Number)
if (!(minutes > 0) || !Number.isSafeInteger(jobs) || jobs < 1 || !Number.isSafeInteger(seed)) {
  console.error('Use: npm run chaos:cluster -- [--minutes N] [--jobs N] [--seed N]')
  process.exit(2)
}

console.log(`${jobs} jobs in ${minutes} minutes, seed ${seed}`)
const { summary, violations, folder } = await runCluster({ seed, jobs, ms: minutes * 60_000, print: (line) => console.log(line) })
console.log(`\nseed ${seed}: ${summary}`)
for (const violation of violations) console.log(`VIOLATION (seed ${seed}) ${violation}`)
if (violations.length > 0) console.log(`What the nodes printed is in ${folder}`)
process.exitCode = violations.length > 0 ? 1 : 0
