import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { expect, onTestFinished, test } from 'vitest'
import { startLists } from '../support/lists.js'
import { KEYS, requestOf } from '../../../../test/support/test-server.js'
import { configurationOf, start } from '../support/start.js'
import { StreamClient } from '../support/stream.js'

const SERVER = fileURLToPath(new URL('../fixtures/server.mjs', import.meta.url))

async function serve(folder: string): Promise<{ readonly url: string; readonly kill: () => Promise<void> }> {
  const child = spawn(process.execPath, [SERVER, folder, KEYS.admin, '0'], { stdio: ['ignore', 'pipe', 'inherit'] })
  const ended = once(child, 'exit')
  const kill = async (): Promise<void> => {
    child.kill('SIGKILL')
    await ended
  }
  onTestFinished(kill)
  const [url] = (await once(createInterface(child.stdout), 'line')) as [string]
  return { url: url.replace(/\/$/, ''), kill }
}

test('kill -9 of the server: the stream is taken up at the next one, without a gap, to the result', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'headway-filters-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  const lists = await startLists()
  lists.give('a', '||a.example^\n')
  const json = { configuration: configurationOf('Killed', lists.urlOf('a'), lists.urlOf('slow')) }

  const before = await serve(folder)
  const first = await StreamClient.open(`${before.url}/compile/stream`, requestOf({ json }))
  const { requestId, token } = (await first.seen('job')).data as { requestId: string; token: string }
  await first.seen('source:complete')
  await lists.waitedFor('slow')
  const had = first.events.filter(({ id }) => id !== undefined)
  await before.kill()

  const after = await serve(folder)
  const path = `${after.url}/compile/stream/${requestId}`
  const second = await StreamClient.open(path, requestOf({ token, headers: { 'Last-Event-ID': had.at(-1)?.id ?? '' } }))
  await second.seen('log')
  await lists.waitedFor('slow')
  lists.give('slow', '||slow.example^\n')
  await second.ended
  expect(second.names.slice(-2)).toEqual(['result', 'done'])
  const whole = await StreamClient.open(path, requestOf({ token }))
  await whole.ended
  const numbered = [...had, ...second.events].filter(({ id }) => id !== undefined)
  expect(whole.events.filter(({ id }) => id !== undefined)).toEqual(numbered)
})

test('a server that stops gives the compilation back; whoever waits for it is told, and the next server ends it', async () => {
  const lists = await startLists()
  const before = await start({ engine: { shutdownGraceMs: 100 } })
  const json = { configuration: configurationOf('Stopped', lists.urlOf('slow')) }
  const asking = before.ask('/compile', { json })
  await lists.waitedFor('slow')
  const [job] = (await before.engine.list({ types: ['compile-filters'], limit: 1 })).items
  void before.stop()
  const answer = await asking
  expect(answer.status).toBe(503)
  expect(await answer.json()).toMatchObject({
    success: false,
    code: 'SHUTTING_DOWN',
    error: expect.stringContaining(`/queue/results/${job?.id}`) as string,
  })
  await before.stop()
  const after = await start({ folder: before.folder })
  await lists.waitedFor('slow')
  lists.give('slow', '||slow.example^\n')
  expect((await after.engine.finished(job?.id ?? '', AbortSignal.timeout(60_000))).status).toBe('completed')
})

test('a server that ends before its engine leaves the compilation to the next one', async () => {
  const lists = await startLists()
  const before = await start({ engine: { shutdownGraceMs: 100 } })
  const { requestId } = await before.json('/compile/async', { json: { configuration: configurationOf('Closed', lists.urlOf('slow')) } })
  await lists.waitedFor('slow')
  await before.closeServer()
  await lists.abandoned('slow')
  await before.stop()
  const after = await start({ folder: before.folder })
  await lists.waitedFor('slow')
  lists.give('slow', '||slow.example^\n')
  expect((await after.engine.finished(String(requestId), AbortSignal.timeout(60_000))).status).toBe('completed')
})
