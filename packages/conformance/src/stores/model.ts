import fc from 'fast-check'
import { describe, test } from 'vitest'
import { useStore } from './fixture.js'
import type { OpenStore } from './fixture.js'
import { ModelRun } from './model/run.js'
import { steps } from './model/steps.js'

/** How many random histories are tried. */
const HISTORIES = 60

export function describeModel(open: OpenStore): void {
  describe('random histories', () => {
    const store = useStore(open)

    test('the store does what a simple model says: dense logs, one end, one owner at a time, no stale writer', async () => {
      await fc.assert(
        fc.asyncProperty(steps, async (history) => {
          const run = new ModelRun(store())
          await run.start()
          for (const step of history) await run.step(step)
          await run.finish()
        }),
        { numRuns: HISTORIES },
      )
    }, 300_000)
  })
}
