import { defineJob } from '@headway/core'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { follow, openStores, startEngine, types, waitForEvent } from './support.js'

const busy = defineJob({
  name: 'busy',
  input: z.object({ rounds: z.int(), blob: z.boolean().optional(), fail: z.boolean().optional(), ignore: z.boolean().optional() }),
  pausable: true,
  graceMs: 200,
  thread: new URL('./jobs-in-threads/busy.mjs', import.meta.url),
})

test('a job in a thread writes every event, its progress and its result', async () => {
  const engine = await startEngine([busy])
  const { job } = await engine.create('busy', { rounds: 500 })
  const events = await follow(engine, job.id)
  const rounds = events.filter(({ type }) => type === 'round').map(({ data }) => (data as { round: number }).round)
  expect(rounds).toEqual(Array.from({ length: 500 }, (_, round) => round))
  expect(types(events).at(-1)).toBe('completed')
  expect((await engine.get(job.id)).progress).toEqual({ done: 500, total: 500 })
})

test('blobs are written and read through the thread in pieces', async () => {
  const engine = await startEngine([busy])
  const { job } = await engine.create('busy', { rounds: 1, blob: true })
  const ended = await engine.finished(job.id, AbortSignal.timeout(10_000))
  expect(ended.result).toMatchObject({ read: 1_500_000, ref: { size: 1_500_000 } })
})

test('pause, resume and cancel reach a thread that never yields', async () => {
  const engine = await startEngine([busy])
  const { job } = await engine.create('busy', { rounds: 10_000_000 })
  await waitForEvent(engine, job.id, 'round')
  await engine.request(job.id, 'pause')
  await waitForEvent(engine, job.id, 'paused')
  const { head } = await engine.get(job.id)
  await engine.request(job.id, 'resume')
  await expect.poll(async () => (await engine.get(job.id)).head).toBeGreaterThan(head + 5)
  await engine.request(job.id, 'cancel')
  expect((await engine.finished(job.id, AbortSignal.timeout(10_000))).status).toBe('cancelled')
})

test('a thread that ignores its cancel is ended', async () => {
  const engine = await startEngine([busy])
  const { job } = await engine.create('busy', { rounds: 10_000_000, ignore: true })
  await waitForEvent(engine, job.id, 'round')
  await engine.request(job.id, 'cancel')
  expect((await engine.finished(job.id, AbortSignal.timeout(10_000))).status).toBe('cancelled')
})

test('an error in a thread fails the job with its message, after what it emitted', async () => {
  const engine = await startEngine([busy])
  const { job } = await engine.create('busy', { rounds: 3, fail: true })
  const events = await follow(engine, job.id)
  expect(types(events)).toEqual(['created', 'claimed', 'round', 'round', 'round', 'failed'])
  expect(events.at(-1)?.data).toMatchObject({ error: { code: 'job_error', message: 'the thread broke' } })
})

test('a cancel reaches a thread that is paused, and nothing more is done', async () => {
  const engine = await startEngine([busy])
  const { job } = await engine.create('busy', { rounds: 10_000_000 })
  await waitForEvent(engine, job.id, 'round')
  await engine.request(job.id, 'pause')
  await waitForEvent(engine, job.id, 'paused')
  await engine.request(job.id, 'cancel')
  const events = types(await follow(engine, job.id))
  expect(events.at(-1)).toBe('cancelled')
  expect(events.slice(events.indexOf('cancelling'))).toEqual(['cancelling', 'cancelled'])
})

test('a drain gives a job in a thread back at its next pause point, when it has a checkpoint', async () => {
  const stores = await openStores()
  const thread = new URL('./jobs-in-threads/saves-once.mjs', import.meta.url)
  const type = defineJob({ name: 'saves-once', input: z.unknown(), thread })
  const first = await startEngine([type], { stores, shutdownGraceMs: 3_600_000 })
  const { job } = await first.create('saves-once', null)
  await waitForEvent(first, job.id, 'saved')
  await first.drain()
  expect(await first.get(job.id)).toMatchObject({ status: 'queued', attempt: 1 })
  const events = await follow(await startEngine([type], { stores }), job.id)
  expect(types(events).slice(3)).toEqual(['released', 'claimed', 'completed'])
  expect(events.at(-1)?.data).toEqual({ result: { saved: 'half way', attempt: 1 } })
})
