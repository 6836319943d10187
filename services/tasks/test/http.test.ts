import { createParser } from 'eventsource-parser'
import { describe, expect, test } from 'vitest'
import { onceForTests } from '../../../test/support/for-tests.js'
import { finished, isAlive, isLine, seen, shellTask, start } from './support/start.js'

interface Message {
  readonly id: string | undefined
  readonly event: string | undefined
  readonly data: { type: string; task?: Record<string, unknown>; log?: Record<string, unknown> }
}

/** All messages of a stream, until the server ends it. */
async function messagesOf(answer: Response): Promise<Message[]> {
  expect(answer.status).toBe(200)
  const messages: Message[] = []
  const parser = createParser({
    onEvent: ({ id, event, data }) => messages.push({ id, event, data: JSON.parse(data) as Message['data'] }),
  })
  parser.feed(await answer.text())
  return messages
}

async function json(answer: Response): Promise<Record<string, unknown>> {
  return (await answer.json()) as Record<string, unknown>
}

const CHECK = JSON.stringify({
  types: {
    check: {
      description: 'Check a version',
      params: {
        type: 'object',
        required: ['version'],
        properties: { version: { type: 'string', pattern: '^v[0-9]+$' }, env: { enum: ['staging', 'production'], default: 'staging' } },
      },
      steps: [
        { name: 'ios', run: ['echo', 'checking', '{version}'] },
        { name: 'android', run: ['echo', 'on', '{env}'] },
      ],
    },
  },
})

const shared = onceForTests((atEnd) => start(CHECK, { atEnd }))
/** Nothing ever begins there. */
const idle = onceForTests((atEnd) => start(CHECK, { atEnd }))

describe('creating', () => {
  test('answers at once with absolute URLs', async () => {
    const { ask, url, engine } = shared()
    const answer = await ask('/api/tasks/check', { json: { version: 'v885' }, key: 'run' })
    expect(answer.status).toBe(202)
    const { taskId, ...body } = await json(answer)
    expect(body).toEqual({
      success: true,
      type: 'check',
      status: 'pending',
      streamUrl: `${url}api/tasks/${String(taskId)}/stream`,
      statusUrl: `${url}api/tasks/${String(taskId)}/status`,
    })
    await finished(engine, String(taskId))
  })

  test('with Prefer: wait answers with the finished task', async () => {
    const { ask } = shared()
    const answer = await ask('/api/tasks/check', { json: { version: 'v885' }, headers: { Prefer: 'wait=20' } })
    expect(answer.status).toBe(200)
    expect(await json(answer)).toMatchObject({
      success: true,
      status: 'completed',
      task: { status: 'completed', progress: 100, result: { success: true, results: [{ name: 'ios' }, { name: 'android' }] } },
    })
  })

  test('with Prefer: wait answers 202 when the time is over first', async () => {
    const { ask } = await start(shellTask(['sleep 1000']))
    const answer = await ask('/api/tasks/task', { json: {}, headers: { Prefer: 'wait=1' } })
    expect(answer.status).toBe(202)
    const { taskId } = await json(answer)
    await ask(`/api/tasks/${String(taskId)}`, { method: 'DELETE' })
  })

  test('twice with one Idempotency-Key makes one task', async () => {
    const { ask } = shared()
    const create = async (version: string) => ask('/api/tasks/check', { json: { version }, headers: { 'Idempotency-Key': 'release-885' } })
    const [first, second] = [await json(await create('v885')), await json(await create('v885'))]
    expect(second['taskId']).toBe(first['taskId'])
    const other = await create('v886')
    expect(other.status).toBe(409)
    expect(await json(other)).toMatchObject({ success: false, code: 'IDEMPOTENCY_MISMATCH' })
  })

  test.each([
    [{ version: '885' }, '/version'],
    [{}, '/version'],
    [{ version: 'v885', env: 'test' }, '/env'],
    [{ version: 'v885', versoin: 'v1' }, '/versoin'],
    [{ version: 'v885; rm -rf /' }, '/version'],
    [{ version: 'v885\n' }, '/version'],
    [[], ''],
    ['"text"', ''],
  ])('parameters that do not fit start nothing: %j', async (params, pointer) => {
    const { ask } = idle()
    const answer = await ask('/api/tasks/check', { json: params })
    expect(answer.status).toBe(400)
    expect(answer.headers.get('content-type')).toBe('application/problem+json')
    const body = await json(answer)
    expect(body).toMatchObject({ success: false, code: 'VALIDATION_ERROR', status: 400 })
    expect(body['errors']).toContainEqual({ pointer, message: expect.any(String) as string })
    expect(await json(await ask('/api/tasks'))).toEqual({ success: true, tasks: [], nextCursor: null })
  })

  test('broken JSON, an unknown type, a wrong method, an unknown path', async () => {
    const { ask } = idle()
    const problems: [Promise<Response>, number, string][] = [
      [ask('/api/tasks/check', { json: '{"version":' }), 400, 'INVALID_JSON'],
      [ask('/api/tasks/nothing', { json: {} }), 404, 'UNKNOWN_JOB_TYPE'],
      [ask('/api/tasks/check', { method: 'PUT' }), 405, 'METHOD_NOT_ALLOWED'],
      [ask('/api/tasks/a/b/c'), 404, 'NOT_FOUND'],
      [ask('/api/tasks/check', { json: { version: `v${'1'.repeat(2_000_000)}` } }), 413, 'BODY_TOO_LARGE'],
      [ask('/api/tasks/00000000-0000-4000-8000-000000000000/status'), 404, 'JOB_NOT_FOUND'],
    ]
    for (const [asked, status, code] of problems) {
      const answer = await asked
      expect([answer.status, await json(answer)]).toMatchObject([status, { success: false, code, status }])
    }
  })
})

describe('the stream', () => {
  test('has connected, logs, updates and the end, without event names, each with an id', async () => {
    const { ask } = shared()
    const { streamUrl, taskId } = await json(await ask('/api/tasks/check', { json: { version: 'v885' } }))
    const answer = await ask(String(streamUrl), { key: 'read' })
    expect(answer.headers.get('content-type')).toMatch(/^text\/event-stream/)
    expect(answer.headers.get('cache-control')).toBe('no-cache, no-transform')
    expect(answer.headers.get('x-accel-buffering')).toBe('no')
    const [connected, ...rest] = await messagesOf(answer)
    expect(connected?.data).toMatchObject({
      type: 'connected',
      task: { id: taskId, type: 'check', params: { version: 'v885', env: 'staging' } },
    })
    expect(connected?.id).toBeUndefined()
    expect(rest.every(({ id, event }) => id !== undefined && event === undefined)).toBe(true)
    const logs = rest.filter(({ data }) => data.type === 'log').map(({ data }) => data.log!)
    expect(logs.map(({ level, message }) => `${String(level)}: ${String(message)}`)).toEqual([
      'info: Executing: ios (echo checking v885)',
      'stdout: checking v885',
      expect.stringMatching(/^success: ios finished/),
      'info: Executing: android (echo on staging)',
      'stdout: on staging',
      expect.stringMatching(/^success: android finished/),
    ])
    expect(logs.every(({ timestamp }) => /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(String(timestamp)))).toBe(true)
    expect(rest.at(-1)?.data).toEqual({ type: 'end' })
    const last = rest.at(-2)!
    expect(last.id).toBe(`${rest.at(-1)?.id ?? ''}.1`)
    expect(last.data).toMatchObject({
      type: 'update',
      task: {
        id: taskId,
        status: 'completed',
        progress: 100,
        error: null,
        completedAt: expect.any(String) as string,
        startedAt: expect.any(String) as string,
        result: { success: true, results: [{ name: 'ios', success: true, exitCode: 0 }, { name: 'android' }] },
      },
    })
    const finals = rest.filter(({ data }) => data.task?.['status'] === 'completed')
    expect(finals).toHaveLength(1)
    expect(last.data.task!['result']).not.toHaveProperty('summary')
  })

  test('goes on right after any id', async () => {
    const { ask } = shared()
    const { streamUrl } = await json(await ask('/api/tasks/check', { json: { version: 'v885' } }))
    const [, ...all] = await messagesOf(await ask(String(streamUrl)))
    for (const [index, { id }] of all.slice(0, -1).entries()) {
      const [connected, ...rest] = await messagesOf(await ask(String(streamUrl), { headers: { 'Last-Event-ID': id! } }))
      expect(connected?.data.type).toBe('connected')
      expect(rest).toEqual(all.slice(index + 1))
    }
    const over = await ask(String(streamUrl), { headers: { 'Last-Event-ID': all.at(-1)?.id ?? '' } })
    expect(over.status).toBe(204)
  })

  test('of a failed task ends with an update and the end', async () => {
    const { ask } = await start(shellTask(['echo before; exit 7']))
    const { streamUrl } = await json(await ask('/api/tasks/task', { json: {} }))
    const messages = await messagesOf(await ask(String(streamUrl)))
    expect(messages.at(-2)?.data).toMatchObject({
      type: 'update',
      task: {
        status: 'failed',
        error: 'The step "step 1" ended with exit code 7.',
        logs: expect.arrayContaining([expect.objectContaining({ message: 'before' })]) as unknown,
      },
    })
    expect(messages.at(-1)?.data).toEqual({ type: 'end' })
  })

  test('is read with a ticket, without any header', async () => {
    const { ask } = shared()
    const { taskId } = await json(await ask('/api/tasks/check', { json: { version: 'v885' } }))
    const answer = await ask(`/api/tasks/${String(taskId)}/ticket`, { method: 'POST', key: 'read' })
    const { success, streamUrl, expiresAt } = await json(answer)
    expect(success).toBe(true)
    expect(new Date(String(expiresAt)).getTime()).toBeGreaterThan(Date.now())
    const messages = await messagesOf(await ask(String(streamUrl), { key: null }))
    expect(messages.at(-1)?.data).toEqual({ type: 'end' })
    const ticket = new URL(String(streamUrl)).search
    expect((await ask(`/api/tasks/${String(taskId)}${ticket}`, { method: 'DELETE', key: null })).status).toBe(401)
  })
})

describe('looking', () => {
  test('the status has the latest 50 lines, and any page of them', async () => {
    const { ask, run } = await start(shellTask(['seq 1 200']))
    const { job } = await run('task')
    const status = await json(await ask(`/api/tasks/${job.id}/status`, { key: 'read' }))
    const { logs, ...task } = status['task'] as { logs: { message: string; seq: number }[] }
    expect(task).toMatchObject({ id: job.id, status: 'completed', progress: 100, params: {}, error: null })
    expect(logs.map(({ message }) => message)).toEqual([
      ...Array.from({ length: 49 }, (_, index) => String(152 + index)),
      expect.stringMatching(/finished/),
    ])

    const messages: string[] = []
    let after: unknown = 0
    for (;;) {
      const page = await json(await ask(`/api/tasks/${job.id}/status?logsAfter=${String(after)}&logsLimit=30`))
      const { logs: lines } = page['task'] as { logs: { message: string }[] }
      if (lines.length === 0) break
      expect(lines.length).toBeLessThanOrEqual(30)
      messages.push(...lines.map(({ message }) => message))
      after = page['nextLogsAfter']
    }
    expect(messages.slice(1, -1)).toEqual(Array.from({ length: 200 }, (_, index) => String(index + 1)))
    expect((await ask(`/api/tasks/${job.id}/status?logsLimit=5000`)).status).toBe(400)
  })

  test('the list is newest first, in pages, by type and status', async () => {
    const { ask, run } = await start(
      JSON.stringify({ types: { good: { steps: [{ name: 'a', run: ['true'] }] }, bad: { steps: [{ name: 'a', run: ['false'] }] } } }),
    )
    const ids: string[] = []
    for (const type of ['good', 'bad', 'good']) ids.unshift((await run(type)).job.id)
    const list = async (query: string) =>
      (await json(await ask(`/api/tasks${query}`, { key: 'read' }))) as { tasks: { id: string }[]; nextCursor: string }
    const idsOf = ({ tasks }: { tasks: { id: string }[] }) => tasks.map(({ id }) => id)
    expect(idsOf(await list(''))).toEqual(ids)
    expect(idsOf(await list('?type=bad'))).toEqual([ids[1]])
    expect(idsOf(await list('?status=completed'))).toEqual([ids[0], ids[2]])
    expect(idsOf(await list('?status=pending'))).toEqual([])
    const first = await list('?limit=2')
    expect(idsOf(first)).toEqual(ids.slice(0, 2))
    expect(idsOf(await list(`?limit=2&cursor=${first.nextCursor}`))).toEqual(ids.slice(2))
    expect((await ask('/api/tasks?cursor=rubbish')).status).toBe(400)
    expect((await ask('/api/tasks?status=unknown')).status).toBe(400)
  })

  test('the description lists routes and types', async () => {
    const { ask, url } = shared()
    const description = await json(await ask('/api', { key: 'read' }))
    expect(description).toMatchObject({
      success: true,
      version: '0.0.0-test',
      openapiUrl: `${url}openapi.json`,
      types: [
        {
          name: 'check',
          description: 'Check a version',
          createUrl: `${url}api/tasks/check`,
          steps: ['ios', 'android'],
          params: { required: ['version'] },
        },
      ],
    })
    const { routes } = description as { routes: { method: string; path: string }[] }
    expect(routes.map(({ method, path }) => `${method} ${path}`).toSorted()).toEqual([
      'DELETE /api/tasks/{taskId}',
      'GET /api',
      'GET /api/tasks',
      'GET /api/tasks/{taskId}/status',
      'GET /api/tasks/{taskId}/stream',
      'POST /api/tasks/{taskId}/ticket',
      'POST /api/tasks/{type}',
    ])
    const openapi = (await json(await ask('/openapi.json'))) as { paths: object }
    for (const { path } of routes) expect(Object.keys(openapi.paths)).toContain(path)
  })
})

describe('cancelling', () => {
  test('stops the processes and ends the stream', async () => {
    const { ask, engine } = await start(shellTask(['sleep 1000 & echo $!; wait']))
    const { taskId, streamUrl } = await json(await ask('/api/tasks/task', { json: {} }))
    const id = String(taskId)
    const { data } = await seen(engine, id, (event) => event.type === 'line' && /^\d+$/.test((event.data as { message: string }).message))
    const stream = messagesOf(await ask(String(streamUrl)))
    const answer = await ask(`/api/tasks/${id}?reason=wrong%20version`, { method: 'DELETE', key: 'run' })
    expect([200, 202]).toContain(answer.status)
    expect(await json(answer)).toMatchObject({ success: true, task: { id } })
    const messages = await stream
    expect(messages.at(-2)?.data).toMatchObject({ type: 'update', task: { status: 'cancelled', error: null, progress: 0 } })
    expect(messages.at(-1)?.data).toEqual({ type: 'end' })
    expect(isAlive(Number((data as { message: string }).message))).toBe(false)
    const again = await ask(`/api/tasks/${id}`, { method: 'DELETE' })
    expect([again.status, await json(again)]).toMatchObject([200, { success: true, task: { status: 'cancelled' } }])
  })

  test('a finished task is refused', async () => {
    const { ask, run } = shared()
    const { job } = await run('check', { version: 'v1' })
    const answer = await ask(`/api/tasks/${job.id}`, { method: 'DELETE' })
    expect([answer.status, await json(answer)]).toMatchObject([409, { success: false, code: 'JOB_FINISHED' }])
  })

  test('a task that waits for its turn never starts', async () => {
    const { ask, engine } = await start(shellTask(['echo started; sleep 1000'], { concurrency: { key: 'one' } }))
    const [first, second] = [await json(await ask('/api/tasks/task', { json: {} })), await json(await ask('/api/tasks/task', { json: {} }))]
    await seen(engine, String(first['taskId']), isLine('started'))
    expect(await json(await ask(`/api/tasks/${String(second['taskId'])}`, { method: 'DELETE' }))).toMatchObject({
      task: { status: 'cancelled' },
    })
    const messages = await messagesOf(await ask(String(second['streamUrl'])))
    expect(messages.map(({ data }) => data.type)).toEqual(['connected', 'update', 'end'])
    await ask(`/api/tasks/${String(first['taskId'])}`, { method: 'DELETE' })
  })
})

describe('roles', () => {
  test('without a key nothing is told; each role may do its part', async () => {
    const { ask, run } = shared()
    const { job } = await run('check', { version: 'v1' })
    const routes: { path: string; method?: string; json?: unknown; needs: 'read' | 'run' }[] = [
      { path: '/api', needs: 'read' },
      { path: '/api/tasks', needs: 'read' },
      { path: `/api/tasks/${job.id}/status`, needs: 'read' },
      { path: `/api/tasks/${job.id}/stream`, needs: 'read' },
      { path: `/api/tasks/${job.id}/ticket`, method: 'POST', needs: 'read' },
      { path: '/api/tasks/check', json: { version: 'v2' }, needs: 'run' },
      { path: `/api/tasks/${job.id}`, method: 'DELETE', needs: 'run' },
    ]
    for (const { needs, path, ...request } of routes) {
      expect((await ask(path, { ...request, key: null })).status, path).toBe(401)
      expect((await ask(path, { ...request, key: null, headers: { 'X-API-Key': 'wrong' } })).status, path).toBe(401)
      const asReader = await ask(path, { ...request, key: 'read' })
      expect(asReader.status === 403, path).toBe(needs === 'run')
      const asRunner = await ask(path, { ...request, key: 'run' })
      expect([401, 403], path).not.toContain(asRunner.status)
      await Promise.all([asReader.arrayBuffer(), asRunner.arrayBuffer()])
    }
  })

  test('a job of another service is no task', async () => {
    const { ask, engine } = await start(CHECK)
    const { defineJob } = await import('@headway/core')
    const { z } = await import('zod')
    engine.register(defineJob({ name: 'other', input: z.object({}), run: () => null }))
    const { job } = await engine.create('other', {})
    for (const path of ['status', 'stream']) expect((await ask(`/api/tasks/${job.id}/${path}`)).status).toBe(404)
    expect((await ask('/api/tasks/other', { json: {} })).status).toBe(404)
  })
})
