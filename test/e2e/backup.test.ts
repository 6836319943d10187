import { execFile } from 'node:child_process'
import { cp, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { folderOfTest, KEY, settingsWithGate, startServer } from './support/headway.js'
import { ROOT } from './support/program.js'

const HEADERS = { 'X-API-Key': KEY, 'Content-Type': 'application/json' }

test('a backup that is made as docs/deployment.md says, while a task runs, holds what was done by then', async () => {
  const folder = await folderOfTest()
  const settings = await settingsWithGate(folder)
  const { url, program } = await startServer(settings.env)
  const create = async (type: string, prefer: Record<string, string> = {}): Promise<{ taskId: string; streamUrl: string }> => {
    const answer = await fetch(`${url}/api/tasks/${type}`, { method: 'POST', headers: { ...HEADERS, ...prefer }, body: '{"version":"v1"}' })
    return (await answer.json()) as { taskId: string; streamUrl: string }
  }
  const done = await create('lines', { Prefer: 'wait=60' })
  const stored = await (await fetch(done.streamUrl, { headers: HEADERS })).text()
  const running = await create('gated')
  await expect
    .poll(async () => (await fetch(`${url}/api/tasks/${running.taskId}/status`, { headers: HEADERS })).text())
    .toContain('before the gate')

  const page = await readFile(join(ROOT, 'docs/deployment.md'), 'utf8')
  const [, commands = ''] = /```sh\n(umask 077\n.*?)```/s.exec(page) ?? []
  expect(commands).toContain('VACUUM INTO')
  // The key of these servers is set, so that there is no file with one.
  await promisify(execFile)('sh', ['-ec', commands.replace(' data/admin-key', '')], { cwd: folder })
  program.signal('SIGKILL')
  await program.exit

  await cp(join(folder, 'backup'), join(folder, 'restored'), { recursive: true })
  const restored = await startServer({ ...settings.env, HEADWAY_DATA: join(folder, 'restored') })
  const ask = (id: string, what: string) => fetch(`${restored.url}/api/tasks/${id}/${what}`, { headers: HEADERS })
  expect(await (await ask(done.taskId, 'stream')).text()).toBe(stored)
  const end = await (await ask(running.taskId, 'stream')).text()
  expect(end).toContain('before the gate')
  expect(end).toContain('"errorCode":"worker_lost"')
})
