import { expect, test } from 'vitest'
import { EACH_ROUND } from './rounds.mjs'
import { runChaos } from './run-chaos.mjs'
import { headway } from './targets/headway.mjs'
import { own } from './targets/own.mjs'

// The short version of `npm run chaos`: one round of each kind.

test.concurrent.each([headway, own])(
  '$name: whatever is killed, watchers get every event once and every job ends',
  async (target) => {
    const lines: string[] = []
    const { violations, folder } = await runChaos({ target, seed: 1, each: EACH_ROUND, print: (line: string) => lines.push(line) })
    expect(violations, `${lines.join('\n')}\nThe data folder and what the server printed are in ${folder}`).toEqual([])
  },
  240_000,
)
