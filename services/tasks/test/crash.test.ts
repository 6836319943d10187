import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { expect, onTestFinished, test } from 'vitest'
import { KEYS } from '../../../test/support/test-server.js'
import { isAlive } from './support/start.js'

interface Status {
  readonly status: string
  readonly error: string | null
  readonly errorCode?: string
  readonly logs: readonly { readonly message: string }[]
  readonly result: { readonly results: readonly { readonly name: string }[] } | null
}

/** A server process that can be killed, with what is needed to ask it. */
async function serve(
  folder: string,
): Promise<{ kill(): Promise<void>; create(): Promise<string>; until(id: string, what: (task: Status) => boolean): Promise<Status> }> {
  const main = fileURLToPath(new URL('./fixtures/server.mjs', import.meta.url))
  const child = spawn(process.execPath, [main, join(folder, 'data'), join(folder, 'tasks.yaml'), KEYS.admin], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const ended = once(child, 'exit')
  onTestFinished(async () => {
    child.kill('SIGKILL')
    await ended
  })
  const [url] = (await once(createInterface(child.stdout), 'line')) as [string]
  const headers = { 'X-API-Key': KEYS.admin }
  return {
    async kill() {
      child.kill('SIGKILL')
      await ended
    },
    async create() {
      const answer = await fetch(`${url}api/tasks/task`, { method: 'POST', headers })
      return ((await answer.json()) as { taskId: string }).taskId
    },
    async until(id, what) {
      const giveUpAt = performance.now() + 20_000
      for (;;) {
        const { task } = (await (await fetch(`${url}api/tasks/${id}/status?logsLimit=1000`, { headers })).json()) as { task: Status }
        if (what(task)) return task
        if (performance.now() > giveUpAt) throw new Error(`It did not come to that: ${JSON.stringify(task)}`)
        await wait(20)
      }
    },
  }
}

function folderWith(onCrash: 'fail' | 'rerun'): string {
  const folder = mkdtempSync(join(tmpdir(), 'headway-crash-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const second = `echo $PPID > ${folder}/host; echo $$ > ${folder}/pid; echo run >> ${folder}/runs; test $(wc -l < ${folder}/runs) -ge 2 || sleep 1000`
  const steps = [
    { name: 'first', run: ['sh', '-c', `echo first >> ${folder}/first`] },
    { name: 'second', run: ['sh', '-c', second] },
  ]
  writeFileSync(join(folder, 'tasks.yaml'), JSON.stringify({ types: { task: { onCrash, steps } } }))
  return folder
}

function linesOf(file: string): number {
  return readFileSync(file, 'utf8').split('\n').length - 1
}

const isInSecond = ({ logs }: Status): boolean => logs.some(({ message }) => message.startsWith('Executing: second'))

test('kill -9 of the server: a task with onCrash: rerun goes on at the step where it was', async () => {
  const folder = folderWith('rerun')
  const before = await serve(folder)
  const id = await before.create()
  await before.until(id, isInSecond)
  await expect.poll(() => readFileSync(join(folder, 'runs'), 'utf8'), { timeout: 20_000 }).toBe('run\n')
  const pid = Number(readFileSync(join(folder, 'pid'), 'utf8'))
  await before.kill()
  await expect.poll(() => isAlive(pid), { timeout: 20_000 }).toBe(false)

  const after = await serve(folder)
  const task = await after.until(id, ({ status }) => status === 'completed')
  expect(task.result?.results.map(({ name }) => name)).toEqual(['first', 'second'])
  expect([linesOf(join(folder, 'first')), linesOf(join(folder, 'runs'))]).toEqual([1, 2])
}, 60_000)

test('kill -9 of the server: a task without it fails with the reason, and runs no second time', async () => {
  const folder = folderWith('fail')
  const before = await serve(folder)
  const id = await before.create()
  await before.until(id, isInSecond)
  await expect.poll(() => readFileSync(join(folder, 'runs'), 'utf8'), { timeout: 20_000 }).toBe('run\n')
  await before.kill()

  const after = await serve(folder)
  const task = await after.until(id, ({ status }) => status === 'failed')
  expect(task.errorCode).toBe('worker_lost')
  expect(task.logs.some(({ message }) => message.startsWith('Executing: second'))).toBe(true)
  expect(linesOf(join(folder, 'runs'))).toBe(1)
}, 60_000)

test('kill -9 of the process host: a task with onCrash: rerun begins its step again, one without it fails with the reason', async () => {
  const outcomes = await Promise.all(
    (['rerun', 'fail'] as const).map(async (onCrash) => {
      const folder = folderWith(onCrash)
      const server = await serve(folder)
      const id = await server.create()
      await expect.poll(() => existsSync(join(folder, 'runs')), { timeout: 20_000 }).toBe(true)
      process.kill(Number(readFileSync(join(folder, 'host'), 'utf8')), 'SIGKILL')
      const task = await server.until(id, ({ status }) => status === 'completed' || status === 'failed')
      return [task.status, task.errorCode, linesOf(join(folder, 'first')), linesOf(join(folder, 'runs'))]
    }),
  )
  expect(outcomes).toEqual([
    ['completed', undefined, 1, 2],
    ['failed', 'process_host_lost', 1, 1],
  ])
}, 60_000)
