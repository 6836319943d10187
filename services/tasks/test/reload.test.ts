import { mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
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

/** A folder with links in it: their names and targets. */
function linkedFolder(folders: readonly string[], links: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'headway-tasks-'))
  for (const name of folders) mkdirSync(join(folder, name), { recursive: true })
  for (const [name, target] of Object.entries(links)) symlinkSync(target, join(folder, name))
  return folder
}

/** Puts a link to another target in the place of one, in one step. */
function relink(folder: string, name: string, target: string): void {
  symlinkSync(target, join(folder, `${name}_tmp`))
  renameSync(join(folder, `${name}_tmp`), join(folder, name))
}

const oneType = (name: string): string => JSON.stringify({ types: { [name]: type(name) } })

test('a file of a ConfigMap: behind two links, of which the inner one is put to another folder', async () => {
  const folder = linkedFolder(['..1'], { '..data': '..1', 'tasks.yaml': '..data/tasks.yaml' })
  const running = await start(oneType('of-1'), { folder })
  for (const version of [2, 3]) {
    mkdirSync(join(folder, `..${version}`))
    writeFileSync(join(folder, `..${version}/tasks.yaml`), oneType(`of-${version}`))
    relink(folder, '..data', `..${version}`)
    rmSync(join(folder, `..${version - 1}`), { recursive: true })
    await until('it was read', async () => (await typesOf(running)).join() === `of-${version}`)
  }
})

test('a file behind links in other folders, whichever of them changes', async () => {
  const folder = linkedFolder(['releases/1', 'releases/2', 'other'], {
    current: 'releases/1',
    'other/link.yaml': '../current/real.yaml',
    'tasks.yaml': 'other/link.yaml',
  })
  const running = await start(oneType('first'), { folder })
  const isRead = (name: string): Promise<void> => until(`${name} was read`, async () => (await typesOf(running)).join() === name)
  writeFileSync(join(folder, 'releases/1/real.yaml'), oneType('edited'))
  await isRead('edited')
  writeFileSync(join(folder, 'releases/2/real.yaml'), oneType('released'))
  relink(folder, 'current', 'releases/2')
  await isRead('released')
  writeFileSync(join(folder, 'releases/2/real.yaml'), oneType('edited-again'))
  await isRead('edited-again')
  writeFileSync(join(folder, 'other/plain.yaml'), oneType('plain'))
  relink(folder, 'tasks.yaml', 'other/plain.yaml')
  await isRead('plain')
  relink(folder, 'tasks.yaml', 'nowhere/plain.yaml')
  relink(folder, 'tasks.yaml', 'releases/1/real.yaml')
  await isRead('edited')
})

test('a change between the loading and the start is not missed', async () => {
  const running = await start(oneType('loaded'), { loaded: (file) => writeFileSync(file, oneType('changed')) })
  await until('the change is in force', async () => (await typesOf(running)).join() === 'changed')
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
