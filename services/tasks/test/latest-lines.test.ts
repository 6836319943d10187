import { defineJob } from '@headway/core'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { finished, shellTask, start } from './support/start.js'
import type { Running } from './support/start.js'

/** How many events are under way at a time. */
const GROUP = 500

/** A task that prints a line, makes progress so many times, and prints another line. */
async function taskWithUpdates({ engine, run }: Running, updates: number): Promise<string> {
  const { definition = null } = (await run('task')).job
  const update = { status: 'running', progress: 1, startedAt: new Date().toISOString(), logs: [] }
  engine.register(
    defineJob({
      name: 'progress',
      input: z.unknown(),
      definition: () => definition,
      async run(_, ctx) {
        await ctx.emit('line', { level: 'stdout', message: 'early' })
        for (let sent = 0; sent < updates; sent += GROUP) {
          await Promise.all(Array.from({ length: GROUP }, () => ctx.emit('update', update)))
        }
        await ctx.emit('line', { level: 'stdout', message: 'late' })
      },
    }),
  )
  const { job } = await engine.create('progress', null)
  await finished(engine, job.id)
  return job.id
}

async function messages({ ask }: Running, id: string, query = ''): Promise<string[]> {
  const { task } = (await (await ask(`/api/tasks/${id}/status${query}`)).json()) as { task: { logs: { message: string }[] } }
  return task.logs.map(({ message }) => message)
}

test('the latest lines are found behind many updates', async () => {
  const running = await start(shellTask(['true']))
  expect(await messages(running, await taskWithUpdates(running, 3000))).toEqual(['early', 'late'])
})

test('the latest lines are looked for in the last 4,096 events; the others are there for who asks for them', async () => {
  const running = await start(shellTask(['true']))
  const id = await taskWithUpdates(running, 5000)
  expect(await messages(running, id)).toEqual(['late'])
  expect(await messages(running, id, '?logsLimit=1000')).toEqual(['late'])
  expect(await messages(running, id, '?logsAfter=0')).toEqual(['early', 'late'])
})
