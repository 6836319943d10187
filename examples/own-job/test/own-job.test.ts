import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { expect, onTestFinished, test } from 'vitest'

test('a job type of one’s own is created, followed to its end and gives its result', async () => {
  const data = await mkdtemp(join(tmpdir(), 'headway-own-job-'))
  const server = spawn(process.execPath, [fileURLToPath(new URL('../own-job.mjs', import.meta.url))], {
    env: { PATH: process.env['PATH'], PORT: '0', HEADWAY_DATA: data, HEADWAY_ADMIN_KEY: 'a-key-for-the-test', HEADWAY_LOG_LEVEL: 'warn' },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  onTestFinished(async () => {
    server.kill('SIGTERM')
    if (server.exitCode === null) await once(server, 'exit')
    await rm(data, { recursive: true, force: true })
  })
  let url = ''
  for await (const line of createInterface({ input: server.stdout })) {
    url = /listens at (\S+)/.exec(line)?.[1] ?? ''
    if (url !== '') break
  }
  const headers = { 'X-API-Key': 'a-key-for-the-test', 'Content-Type': 'application/json' }
  const created = await fetch(new URL('jobs/squares', url), { method: 'POST', headers, body: '{"upTo":3}' })
  expect(created.status).toBe(201)
  const { job } = (await created.json()) as { job: { id: string } }
  const stream = await fetch(new URL(`jobs/${job.id}/events`, url), { headers: { ...headers, Accept: 'application/x-ndjson' } })
  const events = (await stream.text())
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as { type: string; data: unknown })
  expect(events.map(({ type }) => type).join(' ')).toBe('created claimed square progress square progress square progress completed')
  expect(events.at(-1)?.data).toEqual({ result: { largest: 9 } })

  const wrong = await fetch(new URL('jobs/squares', url), { method: 'POST', headers, body: '{"upTo":-1}' })
  expect(wrong.status).toBe(400)
  expect(await wrong.json()).toMatchObject({ code: 'VALIDATION_ERROR', errors: [{ pointer: '/upTo' }] })
})
