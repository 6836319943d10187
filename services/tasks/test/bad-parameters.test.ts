import { createHash } from 'node:crypto'
import { readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { onceForTests } from '../../../test/support/for-tests.js'
import { start } from './support/start.js'
import type { Running } from './support/start.js'

const PROGRAM = fileURLToPath(new URL('fixtures/show-input.mjs', import.meta.url))

/** A task that passes its one parameter on in every way there is. */
function taskFile(): string {
  const params = {
    type: 'object',
    required: ['value'],
    properties: { value: { type: 'string' }, version: { type: 'string', pattern: '^v[0-9]+$' } },
  }
  const show = { name: 'show', run: [process.execPath, PROGRAM, '{value}', '--value={value}'], env: { VALUE: '{value}' } }
  const steps = {
    show: [show],
    folder: [{ ...show, env: {}, run: ['pwd'], cwd: 'a/{value}' }],
    program: [{ ...show, env: {}, run: ['{value}'] }],
  }
  return JSON.stringify({ types: Object.fromEntries(Object.entries(steps).map(([name, of]) => [name, { params, steps: of }])) })
}

interface Task {
  status: string
  error: string | null
  errorCode?: string
  result: { results: { result?: unknown }[] } | null
}

/** Creates a task over HTTP and waits for its end. */
async function runOver({ ask }: Running, type: string, json: unknown): Promise<{ status: number; task: Task }> {
  const answer = await ask(`/api/tasks/${type}`, { json, headers: { Prefer: 'wait=30' } })
  const { task } = (await answer.json()) as { task: Task }
  return { status: answer.status, task }
}

function described(text: string): object {
  return { length: text.length, hash: createHash('sha256').update(text).digest('hex'), ...(text.length <= 200 && { text }) }
}

test('whatever a value looks like, it reaches the program as one argument', async () => {
  const server = await start(taskFile())
  const values = [
    '$(touch made) `touch made` ; touch made | touch made & touch made > made',
    '"; touch made #\' * ? ~ ! \\ %PATH% $HOME ${HOME}',
    'a\nb\r\nc\ttab\u0007\u001b[31m',
    '--foo',
    '-',
    '--',
    '',
    ' ',
    '../../etc/passwd',
    '{value} {version} {{x}}',
    '::result {"args":[]}',
    'grüße 你好 🎉 \u2028 \ufeff',
    'x'.repeat(100_000),
  ]
  for (const value of values) {
    const { status, task } = await runOver(server, 'show', { value })
    expect({ status, task: task.status }, value.slice(0, 200)).toEqual({ status: 200, task: 'completed' })
    expect(task.result?.results).toMatchObject([
      { result: { args: [described(value), described(`--value=${value}`)], env: described(value) } },
    ])
  }
  expect(readdirSync(server.folder).toSorted()).toEqual(['data', 'tasks.yaml'])
})

test('what no program could get as it is, or the schema refuses, starts nothing', async () => {
  const { ask, engine } = await start(taskFile())
  const refused = [
    { value: 'a\0b' },
    '{"value":"a\\ud800b"}',
    { value: 1 },
    { value: ['a'] },
    { value: null },
    {},
    { value: 'a', version: 'v1; rm -rf /' },
    { value: 'a', version: 'v1\n' },
    { value: 'a', version: '../v1' },
    { value: 'a', version: '--force' },
    { value: 'a', other: 1 },
  ]
  for (const json of refused) {
    const answer = await ask('/api/tasks/show', { json })
    expect(answer.status, JSON.stringify(json)).toBe(400)
    expect(await answer.json()).toMatchObject({ success: false, code: 'VALIDATION_ERROR' })
  }
  expect((await engine.list({ limit: 10 })).items).toEqual([])
})

const shared = onceForTests((atEnd) => start(taskFile(), { atEnd }))

test('a value that is too long for the system is said, and nothing else happens', async () => {
  const server = shared()
  const { status, task } = await runOver(server, 'show', { value: 'x'.repeat(200_000) })
  expect(status).toBe(200)
  expect(task).toMatchObject({
    status: 'failed',
    errorCode: 'start_failed',
    error: expect.stringContaining('less than 128 KiB for each argument') as string,
  })
  expect(task.error?.length).toBeLessThan(1_200)
  expect((await server.ask('/api/tasks/show', { json: { value: 'x'.repeat(20_000_000) } })).status).toBe(413)
})

test.each([
  ['folder', '../../nowhere', /working directory .* does not exist/],
  ['folder', 'x'.repeat(50_000), /working directory .*x/],
  ['program', '', /could not be started/],
  ['program', 'no such program; touch made', /was not found/],
  ['program', 'x'.repeat(50_000), /could not be started/],
])('a %s of %j can not be used, which is said in few words', async (type, value, message) => {
  const server = shared()
  const { task } = await runOver(server, type, { value })
  expect(task).toMatchObject({ status: 'failed', errorCode: 'start_failed', result: { success: false } })
  expect(task.error).toMatch(message)
  expect(task.error?.length).toBeLessThan(1_200)
})
