import { randomUUID } from 'node:crypto'
import { defineJob, JobFailure } from '@headway/core'
import type { JobContext } from '@headway/core'
import type { Json } from '@headway/protocol'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { z } from 'zod'
import { createdJob, problemOf, untilStatus } from './support/answers.js'
import { testJobs } from './support/jobs.js'
import { startServer } from './support/start.js'
import type { TestServer } from './support/start.js'

/** Larger than what is read at a time. */
const LARGE = Array.from({ length: 30_000 }, (_, index) => `Zeile ${index} – ä`)

async function kept({ blobs }: JobContext, value: Json): Promise<{ blob: string; size: number; sha256: string }> {
  async function* bytes(): AsyncGenerator<Uint8Array> {
    yield Buffer.from(JSON.stringify(value))
  }
  return { ...(await blobs.put(bytes())) }
}

const jobTypes = [
  ...testJobs(),
  defineJob({ name: 'whole', input: z.object({}), jsonBlobs: [''], run: (_input, ctx) => kept(ctx, LARGE) }),
  defineJob({
    name: 'parts',
    input: z.object({}),
    jsonBlobs: ['/lists/*/lines', '/none', '/text'],
    run: async (_input, ctx) => ({
      'a "name"': [1, null, 'two'],
      lists: [{ id: 'a', lines: await kept(ctx, ['x', 'y']) }, { id: 'b' }, { lines: await kept(ctx, { z: 1 }) }],
      text: 'no reference',
      other: await kept(ctx, 'stays a reference'),
      left: undefined,
    }),
  }),
  defineJob({ name: 'echo', input: z.record(z.string(), z.json()), run: (input) => input }),
  defineJob({ name: 'nothing', input: z.object({}), run: () => undefined }),
  defineJob({
    name: 'unlucky',
    input: z.object({}),
    run() {
      throw new JobFailure('no_luck', 'It was not its day.', { retryable: false, details: { day: 13 } })
    },
  }),
]

let server: TestServer
beforeAll(async () => {
  server = await startServer({ jobTypes })
})
afterAll(() => server.stop())

async function ended(type: string, input: unknown = {}): Promise<{ readonly id: string; readonly token: string }> {
  const { job, token } = await createdJob(await server.ask(`/jobs/${type}`, { json: input, headers: { prefer: 'wait=20' } }))
  expect(job.finishedAt).toBeDefined()
  return { id: job.id, token }
}
const result = (id: string, init?: RequestInit): Promise<Response> => server.ask(`/jobs/${id}/result`, init)

it('is the whole result, with what lies in blobs in its place', async () => {
  expect(await (await result((await ended('count', { to: 2 })).id)).json()).toEqual({ counted: 2 })
  expect(await (await result((await ended('nothing')).id)).json()).toBeNull()

  const whole = await result((await ended('whole')).id)
  expect(whole.headers.get('content-type')).toBe('application/json')
  expect(await whole.json()).toEqual(LARGE)

  const { id, token } = await ended('parts')
  const parts = await result(id, { headers: { authorization: `Bearer ${token}` } })
  expect(await parts.json()).toEqual({
    'a "name"': [1, null, 'two'],
    lists: [{ id: 'a', lines: ['x', 'y'] }, { id: 'b' }, { lines: { z: 1 } }],
    text: 'no reference',
    other: { blob: expect.any(String) as string, size: 19, sha256: expect.any(String) as string },
  })
})

it('opens no blob that a result only names, as an input could', async () => {
  const { id } = await ended('whole')
  const ref = (await server.engine.get(id)).result as Record<string, unknown>
  const echoed = await ended('echo', ref)
  expect(await (await result(echoed.id)).json()).toEqual(ref)
})

it('is whole for a type that is not offered any more, and never in pieces for one that is not known', async () => {
  const [{ id }, plain] = [await ended('whole'), await ended('count', { to: 2 })]
  for (const name of ['whole', 'count']) server.engine.unregister(name)
  try {
    expect(await (await result(id)).json()).toEqual(LARGE)
    // As after a restart without them.
    const typeOf = vi.spyOn(server.engine, 'typeOf').mockReturnValue(undefined)
    expect(await problemOf(await result(id))).toMatchObject({ status: 404, code: 'NOT_FOUND' })
    expect(await (await result(plain.id)).json()).toEqual({ counted: 2 })
    typeOf.mockRestore()
  } finally {
    for (const type of jobTypes) server.engine.register(type)
  }
})

it('says why there is none', async () => {
  const { job } = await createdJob(await server.ask('/jobs/wait', { json: {} }))
  await untilStatus(server, job.id, 'running')
  expect(await problemOf(await result(job.id))).toMatchObject({ status: 409, code: 'JOB_NOT_FINISHED', details: { status: 'running' } })
  await server.ask(`/jobs/${job.id}/cancel`, { json: { reason: 'enough' } })
  await untilStatus(server, job.id, 'cancelled')
  expect(await problemOf(await result(job.id))).toMatchObject({
    status: 409,
    code: 'JOB_NOT_COMPLETED',
    detail: 'The job was cancelled: enough.',
    details: { status: 'cancelled', reason: 'enough' },
  })
  const error = { code: 'no_luck', message: 'It was not its day.', retryable: false, details: { day: 13 } }
  expect(await problemOf(await result((await ended('unlucky')).id))).toMatchObject({
    code: 'JOB_NOT_COMPLETED',
    details: { status: 'failed', error },
  })

  const { id } = await ended('whole')
  await server.engine.stores.blobs.deleteAll(id)
  expect(await problemOf(await result(id))).toMatchObject({ status: 404, code: 'NOT_FOUND' })
  expect(await problemOf(await result(randomUUID()))).toMatchObject({ status: 404, code: 'JOB_NOT_FOUND' })
  const other = await ended('count', { to: 1 })
  expect((await result(id, { headers: { authorization: `Bearer ${other.token}` } })).status).toBe(403)
})
