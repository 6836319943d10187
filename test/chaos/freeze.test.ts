import { expect, test } from 'vitest'
import { readLog } from './final-checks.mjs'
import { until } from './processes.mjs'
import { freeze } from './rounds.mjs'
import { own } from './targets/own.mjs'
import { World } from './world.mjs'

/** Jobs in the server's own process. */
const WRITERS = 6

interface LogLine {
  readonly type: string
  readonly data: { readonly error?: { readonly code: string } }
}

test('a server frozen past its lease and woken again adds nothing with the old lease, and its scripts were killed', async () => {
  const world = await World.create({ target: own, seed: 1 })
  const { creator, records, server } = world
  try {
    await world.ensureReady()
    // Several, so that at any moment one of them is about to write.
    for (let n = 0; n < WRITERS; n += 1) creator.create('units', { units: 150, pauseMs: 20, noise: 2, padding: 10 })
    creator.create('thread-units', { units: 150, pauseMs: 20, noise: 2, padding: 10 })
    creator.create('script-once', { lines: 200, pauseMs: 20, manner: 'stubborn' })
    creator.create('script-again', { lines: 100, pauseMs: 20, manner: 'stubborn' })
    // Every job is at work, and says so to somebody.
    const working = await until(20_000, () => records.open.length === WRITERS + 3 && records.open.every(({ lines }) => lines.length > 3))
    expect(working).toBe(true)

    // While it is frozen: the process host ends all scripts. Then it is woken.
    await freeze(world)
    expect(records.violations).toEqual([])
    const jobs = [...records.jobs.values()]
    await world.ensureReady()
    expect(await until(60_000, () => records.open.length === 0)).toBe(true)

    const logs = new Map<string, readonly LogLine[]>()
    for (const job of jobs) {
      const lines = (await readLog(server, job.id)) as string[]
      logs.set(
        job.kind.name,
        lines.map((line) => JSON.parse(line) as LogLine),
      )
      expect(lines.length).toBeGreaterThan(3)
    }
    for (const name of ['units', 'thread-units', 'script-again']) {
      const types = logs.get(name)?.map(({ type }) => type)
      expect(types?.filter((type) => type === 'recovered').length).toBeGreaterThan(0)
      expect(types?.at(-1)).toBe('completed')
    }
    expect(logs.get('script-once')?.at(-1)).toMatchObject({ type: 'failed', data: { error: { code: 'worker_lost' } } })
    // That no event is of an old epoch or of a lease that ended in the freeze, and that all watchers agree.
    await world.finish()
    expect(records.violations).toEqual([])
  } finally {
    await world.close()
  }
}, 120_000)
