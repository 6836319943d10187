// npm run hostile -- [--rounds N] [--seed S]: the SDK against a bad network, more often than the tests do it.
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'

const { rounds, seed } = parseArgs({ options: { rounds: { type: 'string', default: '1000' }, seed: { type: 'string' } } }).values
const root = fileURLToPath(new URL('../../..', import.meta.url))
const test = 'packages/client/test/hostile-network.test.ts'
const { status } = spawnSync(process.execPath, ['node_modules/vitest/vitest.mjs', 'run', test], {
  cwd: root,
  stdio: 'inherit',
  env: { ...process.env, HOSTILE_ROUNDS: rounds, ...(seed && { HOSTILE_SEED: seed }) },
})
process.exitCode = status ?? 1
