import { expect, test } from 'vitest'
import { FAULTS } from './faults.mjs'
import { runCluster } from './run-cluster.mjs'

// The short version of `npm run chaos:cluster`: one fault of each kind.

test('whatever fails among many nodes, watchers get every event once, every job ends, and only its owner writes', async () => {
  const lines: string[] = []
  const { violations, summary, folder } = await runCluster({
    seed: 1,
    jobs: 24,
    ms: 15_000,
    faults: FAULTS.map(({ name }) => name),
    print: (line: string) => lines.push(line),
  })
  expect(violations, `${lines.join('\n')}\n${summary}\nWhat the nodes printed is in ${folder}`).toEqual([])
}, 300_000)
