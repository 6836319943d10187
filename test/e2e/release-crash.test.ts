import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { MAIN } from '../../apps/cli/test/support/command.js'
import { folderOf, newFolder, sharedTree } from '../../services/tasks/test/programs/support/programs.js'
import { currentOf, filesBelow, wrongFiles } from '../../services/tasks/test/programs/support/publishing.js'
import { watchFiles } from '../../services/tasks/test/programs/support/watching.js'
import { KEY } from './support/headway.js'
import { Program } from './support/program.js'

const HEADERS = { 'X-API-Key': KEY, 'Content-Type': 'application/json' }

/** What the server says of a task. */
interface Task {
  readonly status: string
  readonly result: { readonly results: readonly { readonly name: string; readonly success: boolean }[] } | null
}

async function serve(env: Readonly<Record<string, string>>): Promise<{ readonly url: string; readonly program: Program }> {
  const program = new Program(process.execPath, [MAIN, 'serve'], { env })
  const [, url = ''] = await program.says(/listens at (http:\S+)\/\n/)
  return { url, program }
}

test('a server that is killed in the middle of a release is started again, and the release ends right, with no wrong file in between', async () => {
  const [resources, published, data] = [
    await sharedTree('--files', '4500', '--bytes', '22M', '--versions', 'v885'),
    newFolder(),
    newFolder(),
  ]
  const env = { PORT: '0', HEADWAY_ADMIN_KEY: KEY, HEADWAY_DATA: data, HEADWAY_RESOURCES: resources, HEADWAY_PUBLISH: published }
  const native = join(published, 'staging/native')
  const stopWatching = await watchFiles(folderOf(resources, 'v885', 'ios'), join(native, 'ios/v885'))

  const before = await serve(env)
  const created = await fetch(`${before.url}/api/tasks/full-sync`, {
    method: 'POST',
    headers: HEADERS,
    body: '{"version":"v885","parallel":1}',
  })
  const { taskId } = (await created.json()) as { taskId: string }
  while (filesBelow(join(native, 'ios/v885')).length < 100) await setImmediate()
  process.kill(before.program.process.pid ?? 0, 'SIGKILL')
  await before.program.exit
  expect([currentOf(native, 'ios'), currentOf(native, 'android')]).toEqual([undefined, undefined])

  const after = await serve(env)
  const look = async (): Promise<Task> => {
    const answer = await fetch(`${after.url}/api/tasks/${taskId}/status`, { headers: HEADERS })
    return ((await answer.json()) as { task: Task }).task
  }
  await expect.poll(async () => (await look()).status, { timeout: 120_000, interval: 200 }).toBe('completed')
  const task = await look()
  expect(task.result?.results.map(({ success }) => success)).toEqual(Array.from({ length: 7 }, () => true))
  for (const [target, platform] of [
    ['facebook', 'web'],
    ['native', 'ios'],
    ['native', 'android'],
  ] as const) {
    const place = join(published, 'staging', target)
    expect([currentOf(place, platform), wrongFiles(resources, place, platform)]).toEqual(['v885', []])
    expect(existsSync(join(place, '.headway'))).toBe(true)
    expect(filesBelow(join(place, '.headway'))).toEqual([])
  }
  const watched = await stopWatching()
  expect(watched.wrong).toEqual([])
  expect(watched.hashed).toBeGreaterThanOrEqual(1500)
}, 180_000)
