import { renameSync, writeFileSync } from 'node:fs'
import { setTimeout as wait } from 'node:timers/promises'
import { createLogger } from '@headway/server'
import { createTasksService } from '@headway/tasks'
import { expect, test } from 'vitest'
import { finished, isLine, seen, shellTask, start } from './support/start.js'
import type { Running } from './support/start.js'

/** Waits for a change that a watcher of the file brings, at most 20 seconds. */
async function until(what: string, condition: () => boolean | Promise<boolean>): Promise<void> {
  const giveUpAt = performance.now() + 20_000
  while (!(await condition())) {
    if (performance.now() > giveUpAt) throw new Error(`Waited in vain until ${what}.`)
    await wait(10)
  }
}

async function typesOf({ ask }: Running): Promise<string[]> {
  const { types } = (await (await ask('/api')).json()) as { types: { name: string }[] }
  return types.map(({ name }) => name)
}

const type = (text: string): object => ({ steps: [{ name: 'a', run: ['echo', text] }] })

test('a changed file is in force soon: new types, changed ones, and those that are gone', async () => {
  const running = await start(JSON.stringify({ types: { one: type('first'), two: type('x') } }))
  const { job: before } = await running.run('two')
  writeFileSync(running.file, JSON.stringify({ types: { one: type('second'), three: type('y') } }))
  await until('the new types are there', async () => (await typesOf(running)).join() === 'one,three')
  expect((await running.run('one')).lines).toContain('stdout: second')
  expect((await running.ask('/api/tasks/two', { json: {} })).status).toBe(404)
  expect((await running.ask(`/api/tasks/${before.id}/status`)).status).toBe(200)
  const list = (await (await running.ask('/api/tasks')).json()) as { tasks: { id: string }[] }
  expect(list.tasks.map(({ id }) => id)).toContain(before.id)
})

test('an editor that puts another file in its place', async () => {
  const running = await start(JSON.stringify({ types: { one: type('first') } }))
  for (const text of ['second', 'third']) {
    writeFileSync(`${running.file}.new`, JSON.stringify({ types: { [text]: type(text) } }))
    renameSync(`${running.file}.new`, running.file)
    await until('it was read', async () => (await typesOf(running)).join() === text)
  }
})

test('a file with mistakes is refused, said in the log, and the last good one keeps serving', async () => {
  const said: { msg: string; issues?: { line: number }[] }[] = []
  const log = createLogger('info', { write: (line: string) => void said.push(JSON.parse(line) as (typeof said)[number]) })
  const running = await start(JSON.stringify({ types: { one: type('first') } }), { server: { log } })
  writeFileSync(running.file, 'types:\n  one:\n    steps: wrong\n')
  await until('the mistake is said', () => said.some(({ issues }) => issues?.[0]?.line === 3))
  expect((await running.run('one')).lines).toContain('stdout: first')
  writeFileSync(running.file, JSON.stringify({ types: { one: type('better') } }))
  await until('the mistake is mended', async () => (await running.run('one')).lines.includes('stdout: better'))
})

test('a task that exists is run as it was defined', async () => {
  const running = await start((folder) =>
    shellTask([`echo waiting; while [ ! -e ${folder}/go ]; do sleep 0.01; done`, 'echo old'], { concurrency: { key: 'one' } }),
  )
  const { engine } = running
  const [{ job: first }, { job: second }] = [await engine.create('task', {}), await engine.create('task', {})]
  await seen(engine, first.id, isLine('waiting'))
  writeFileSync(
    running.file,
    shellTask(['echo new'], { params: { type: 'object', required: ['version'], properties: { version: { type: 'string' } } } }),
  )
  await until('the new parameters are in force', async () => (await running.ask('/api/tasks/task', { json: {} })).status === 400)
  writeFileSync(`${running.folder}/go`, '')
  for (const { id } of [first, second]) {
    const { job, lines } = await finished(engine, id)
    expect(job.status).toBe('completed')
    expect(lines).toContain('stdout: old')
  }
})

test('tasks whose type was taken out of the file between two runs of the server are shown and run to their end', async () => {
  const first = await start(JSON.stringify({ types: { one: type('x'), gone: type('defined before'), over: type('y') } }))
  const { job: over } = await first.run('over')
  await first.stop()
  const idle = await start(JSON.stringify({ types: { one: type('x'), gone: type('defined before') } }), {
    folder: first.folder,
    idle: true,
  })
  const { job: waiting } = await idle.engine.create('gone', {})
  await idle.stop()

  const running = await start(JSON.stringify({ types: { one: type('x') } }), { folder: first.folder })
  const { job, lines } = await finished(running.engine, waiting.id)
  expect(job.status).toBe('completed')
  expect(lines).toContain('stdout: defined before')
  const list = (await (await running.ask('/api/tasks')).json()) as { tasks: { id: string }[] }
  expect(list.tasks.map(({ id }) => id)).toEqual([waiting.id, over.id])
  expect(await typesOf(running)).toEqual(['one'])
  expect((await running.ask('/api/tasks/gone', { json: {} })).status).toBe(404)
})

test('at start a file with mistakes is an error', async () => {
  await expect(start('types:\n  one:\n    stepz: []\n')).rejects.toThrow(/tasks\.yaml:3:5 types\.one\.stepz: is not a known field/)
  await expect(createTasksService({ file: '/no/such/file.yaml' })).rejects.toThrow('/no/such/file.yaml')
})
