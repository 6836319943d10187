import { expect, test } from 'vitest'
import { start } from './support/start.js'
import type { Running } from './support/start.js'

const engine = { retention: { default: { maxFinished: 3 } }, sweepMs: 10 }
const BOTH = 'types: { one: { steps: [{ name: s, run: ["true"] }] }, two: { steps: [{ name: s, run: ["true"] }] } }'
const ONE = 'types: { one: { steps: [{ name: s, run: ["true"] }] } }'

async function listed({ ask }: Running): Promise<string[]> {
  const { tasks } = (await (await ask('/api/tasks')).json()) as { tasks: { id: string }[] }
  return tasks.map(({ id }) => id)
}

test('the newest finished tasks are kept, whatever their types, also of types that the file no longer has', async () => {
  const first = await start(BOTH, { engine })
  const ids: string[] = []
  for (const type of ['two', 'two', 'one', 'two']) ids.unshift((await first.run(type)).job.id)
  await expect.poll(() => listed(first)).toEqual(ids.slice(0, 3))
  expect((await first.ask(`/api/tasks/${ids[3]}/status`)).status).toBe(404)
  await first.stop()

  const second = await start(ONE, { engine, folder: first.folder })
  ids.unshift((await second.run('one')).job.id)
  await expect.poll(() => listed(second)).toEqual(ids.slice(0, 3))
})
