import { expect, test } from 'vitest'
import { channelChecker } from './support/channel-checker.js'
import { startDescribedServer } from './support/described-server.js'
import type { DescribedServer } from './support/described-server.js'

async function created({ ask }: DescribedServer, type: string, params: unknown = {}, wait = false): Promise<string> {
  const answer = await ask(`/api/tasks/${type}`, { json: params, headers: wait ? { Prefer: 'wait=20' } : {} })
  expect([200, 202]).toContain(answer.status)
  return (answer.body as { readonly taskId: string }).taskId
}

/** Waits for the first line of a task's output. */
async function untilPrinted({ engine }: DescribedServer, id: string, text: string): Promise<void> {
  for await (const page of engine.follow(id, { after: 0, signal: AbortSignal.timeout(30_000) })) {
    if (page.some(({ line }) => line.includes(`"message":"${text}"`))) return
  }
  throw new Error('The task ended before that.')
}

test('routes answer as they are described, also when they refuse', async () => {
  const server = await startDescribedServer()
  const id = await created(server, 'print', { version: 'v1' }, true)
  const waiting = await created(server, 'wait')
  await untilPrinted(server, waiting, 'waiting')
  const expected: readonly (readonly [number, string, Parameters<typeof server.ask>[1]?])[] = [
    [200, '/api'],
    [401, '/api', { key: null }],
    [400, '/api/tasks/print', { json: {} }],
    [400, '/api/tasks/print', { json: '{' }],
    [404, '/api/tasks/unknown', { json: {} }],
    [415, '/api/tasks/print', { json: '{}', headers: { 'Content-Type': 'text/plain' } }],
    [200, '/api/tasks?limit=1'],
    [400, '/api/tasks?status=unknown'],
    [200, `/api/tasks/${id}/status?logsAfter=0&logsLimit=1`],
    [404, '/api/tasks/00000000-0000-4000-8000-000000000000/status'],
    [200, `/api/tasks/${id}/ticket`, { method: 'POST' }],
    [409, `/api/tasks/${id}`, { method: 'DELETE' }],
    [202, `/api/tasks/${waiting}?reason=enough`, { method: 'DELETE' }],
  ]
  for (const [status, path, options] of expected) expect((await server.ask(path, options)).status, path).toBe(status)
})

test('every message of the stream is as it is described', async () => {
  const server = await startDescribedServer()
  const checker = channelChecker(server.asyncApi, 'taskStream')
  const statuses = new Set<unknown>()
  const follow = async (id: string, query = ''): Promise<void> => {
    for (const { data, event } of await server.stream(`/api/tasks/${id}/stream${query}`)) {
      checker.sent(data, event)
      const { type, task } = data as { readonly type: string; readonly task?: { readonly status: unknown } }
      if (type === 'update') statuses.add(task?.status)
    }
  }
  const printed = await created(server, 'print', { version: 'v1' }, true)
  await follow(printed)
  await follow(printed, '?after=999')
  await follow(await created(server, 'fail', {}, true))
  const waiting = await created(server, 'wait')
  await untilPrinted(server, waiting, 'waiting')
  server.loseLeases()
  for await (const page of server.engine.follow(waiting, { after: 0, signal: AbortSignal.timeout(30_000) })) {
    if (page.some(({ type }) => type === 'recovered')) break
  }
  await server.ask(`/api/tasks/${waiting}`, { method: 'DELETE' })
  await follow(waiting)
  expect(checker.missing).toEqual([])
  expect(statuses).toEqual(new Set(['cancelled', 'completed', 'failed', 'pending', 'running']))
})
