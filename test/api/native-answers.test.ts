import type { CreatedJob, Job } from '@headway/protocol'
import { expect, test } from 'vitest'
import { channelChecker } from './support/channel-checker.js'
import { openDescribedSocket } from './support/described-socket.js'
import { startDescribedServer, untilEvent } from './support/described-server.js'
import type { DescribedServer } from './support/described-server.js'

async function created({ ask }: DescribedServer, type: string, input: unknown = {}, wait = false): Promise<CreatedJob> {
  const answer = await ask(`/jobs/${type}`, { json: input, headers: wait ? { Prefer: 'wait=20' } : {} })
  expect([200, 201]).toContain(answer.status)
  return answer.body as CreatedJob
}

const UNKNOWN = '00000000-0000-4000-8000-000000000000'

test('routes answer as they are described, also when they refuse', async () => {
  const server = await startDescribedServer()
  const { ask } = server
  const { job, token } = await created(server, 'count', { to: 3 }, true)
  const waiting = await created(server, 'rest')
  await untilEvent(server, waiting.job.id, 'waiting')
  const expected: readonly (readonly [number, string, Parameters<typeof ask>[1]?])[] = [
    [201, '/jobs/count?priority=5', { json: { to: 1 } }],
    [400, '/jobs/count', { json: '{' }],
    [400, '/jobs/count', { json: { to: 'many' } }],
    [404, '/jobs/unknown', { json: {} }],
    [409, `/jobs/count?id=${job.id}`, { json: { to: 1 } }],
    [415, '/jobs/count', { json: '{}', headers: { 'Content-Type': 'text/plain' } }],
    [413, '/jobs/count', { json: `"${'x'.repeat(2 * 1024 * 1024)}"` }],
    [200, '/jobs?status=completed,running&limit=5'],
    [400, '/jobs?status=unknown'],
    [401, '/jobs', { key: null }],
    [200, `/jobs/${job.id}`],
    [200, `/jobs/${job.id}`, { key: null, headers: { Authorization: `Bearer ${token}` } }],
    [404, `/jobs/${UNKNOWN}`],
    [200, `/jobs/${job.id}/events?after=1&limit=2`, { headers: { Accept: 'application/json' } }],
    [200, `/jobs/${job.id}/events?after=99`, { headers: { Accept: 'application/json' } }],
    [200, `/jobs/${job.id}/events`, { headers: { Accept: 'application/x-ndjson' } }],
    [204, `/jobs/${job.id}/events`, { headers: { Accept: 'text/event-stream', 'Last-Event-ID': String(job.head) } }],
    [400, `/jobs/${job.id}/events?after=x`, { headers: { Accept: 'text/event-stream' } }],
    [406, `/jobs/${job.id}/events`, { headers: { Accept: 'image/png' } }],
    [200, '/jobs?createdAfter=2026-01-01T00:00:00Z&createdBefore=2100-01-01T00:00:00%2B02:00'],
    [400, '/jobs?createdAfter=now'],
    [200, `/jobs/${job.id}/result`],
    [409, `/jobs/${waiting.job.id}/result`],
    [404, `/jobs/${UNKNOWN}/result`],
    [200, '/stats'],
    [401, '/stats', { key: null }],
    [200, `/jobs/${job.id}/ticket`, { method: 'POST' }],
    [202, `/jobs/${waiting.job.id}/pause`, { json: { reason: 'lunch' } }],
    [409, `/jobs/${job.id}/pause`, { method: 'POST' }],
    [409, `/jobs/${waiting.job.id}/retry`, { method: 'POST' }],
    [201, `/jobs/${job.id}/retry`, { method: 'POST' }],
    [200, '/health', { key: null }],
    [200, '/health/live'],
    [200, '/health/ready'],
    [200, '/metrics'],
    [200, '/follow', { json: { jobs: [{ jobId: job.id }], lists: false }, headers: { Accept: 'application/json' } }],
    [200, '/follow', { json: { jobs: [{ jobId: job.id }, { jobId: UNKNOWN }] }, headers: { Accept: 'text/event-stream' } }],
    [400, '/follow', { json: { jobs: [{ jobId: 'x' }] } }],
    [401, '/follow', { json: { jobs: [] }, key: 'not-a-key-of-this-server' }],
    [406, '/follow', { json: { jobs: [] }, headers: { Accept: 'image/png' } }],
    [200, '/problems/JOB_NOT_FOUND'],
    [404, '/problems/UNKNOWN'],
    [200, '/'],
    [200, '/', { headers: { Accept: 'text/html' } }],
    [200, '/openapi.json'],
  ]
  for (const [status, path, options] of expected) expect((await ask(path, options)).status, path).toBe(status)
  await untilEvent(server, waiting.job.id, 'paused')
  for (const request of ['resume', 'cancel']) {
    expect([200, 202], request).toContain((await ask(`/jobs/${waiting.job.id}/${request}`, { method: 'POST' })).status)
  }
  await server.engine.finished(waiting.job.id, AbortSignal.timeout(20_000))
  expect((await ask(`/jobs/${waiting.job.id}/result`)).status).toBe(409)
})

test('every event of the log comes as it is described', async () => {
  const server = await startDescribedServer()
  const { ask, stream, asyncApi } = server
  const checker = channelChecker(asyncApi, 'jobEvents')
  const follow = async (id: string): Promise<void> => {
    for (const { data, event } of await stream(`/jobs/${id}/events`)) checker.sent(data, event)
  }
  const counted = await created(server, 'count', { to: 2 }, true)
  await follow(counted.job.id)
  for (const { data } of await stream(`/jobs/${counted.job.id}/events?after=99`)) checker.sent(data)
  await follow((await created(server, 'unlucky')).job.id)

  const { job } = await created(server, 'rest')
  await untilEvent(server, job.id, 'waiting')
  await ask(`/jobs/${job.id}/pause`, { method: 'POST' })
  await untilEvent(server, job.id, 'paused')
  await ask(`/jobs/${job.id}/resume`, { method: 'POST' })
  await untilEvent(server, job.id, 'resumed')
  await ask(`/jobs/${job.id}/cancel`, { json: { reason: 'enough' } })
  await follow(job.id)

  const lost = await created(server, 'lost')
  await untilEvent(server, lost.job.id, 'waiting')
  server.loseLeases()
  await follow(lost.job.id)
  expect(checker.missing).toEqual([])
})

test('every message of /ws is as it is described', async () => {
  const server = await startDescribedServer()
  const { job } = await created(server, 'count', { to: 2 }, true)
  const waiting = await created(server, 'rest')
  await untilEvent(server, waiting.job.id, 'waiting')
  const { checker, client, say } = await openDescribedSocket(server, '/ws', 'jobSocket')
  say({ type: 'attach', jobId: job.id, after: 0 })
  await client.nextOf('end')
  say({ type: 'attach', jobId: job.id, after: 99 })
  await client.nextOf('reset')
  say({ type: 'attach', jobId: UNKNOWN })
  await client.nextOf('error')
  say({ type: 'attach', jobId: waiting.job.id })
  await client.nextOf('attached')
  await client.nextOf('heartbeat')
  say({ type: 'detach', jobId: waiting.job.id })
  await client.nextOf('detached')
  say({ type: 'lists', on: true })
  say({ type: 'ping' })
  await client.nextOf('pong')
  await created(server, 'count', { to: 1 })
  await client.nextOf('jobs.changed')
  say({ type: 'cancel', jobId: waiting.job.id, reason: 'enough' })
  await client.nextOf('accepted')
  expect(checker.missing).toEqual([])
})

test('a job is described as it is while it runs, too', async () => {
  const server = await startDescribedServer()
  const { job } = await created(server, 'rest')
  await untilEvent(server, job.id, 'waiting')
  expect((await server.ask(`/jobs/${job.id}`)).body as Job).toMatchObject({ status: 'running' })
})
