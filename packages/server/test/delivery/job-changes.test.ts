import type { News } from '@headway/core'
import { randomUUID } from 'node:crypto'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { JobChanges, mergeChanged } from '../../src/delivery/job-changes.js'
import type { Changed } from '../../src/delivery/job-changes.js'
import { NativeFollower } from '../../src/delivery/native-follower.js'
import type { FollowRights } from '../../src/delivery/native-follower.js'
import { DELIVERY_DEFAULTS } from '../../src/delivery/settings.js'
import type { Carrier } from '../../src/delivery/websocket-protocol.js'

beforeEach(() => vi.useFakeTimers())
afterEach(() => vi.useRealTimers())

/** What wakes its listeners by hand, and knows how many it has. */
class Wakes {
  readonly listeners = new Set<(ids: readonly string[], news: News) => void>()

  wake(listener: (ids: readonly string[], news: News) => void): () => void {
    this.listeners.add(listener)
    return () => void this.listeners.delete(listener)
  }

  tell(...ids: readonly string[]): void {
    for (const listener of this.listeners) listener(ids, 'log')
  }
}

it('tells a first change at once, and what follows at most four times a second, merged, with one look at the store for all', () => {
  const wakes = new Wakes()
  const changes = new JobChanges(wakes)
  const told: Changed[] = []
  const end = changes.subscribe((changed) => told.push(changed))
  const endOther = changes.subscribe(() => undefined)
  expect(wakes.listeners.size).toBe(1)
  wakes.tell('a', 'b')
  vi.advanceTimersByTime(1)
  expect(told).toEqual([{ jobIds: ['a', 'b'], more: false }])
  for (let n = 0; n < 1000; n += 1) {
    wakes.tell('a', 'c')
    vi.advanceTimersByTime(1)
  }
  expect(told.length).toBe(5)
  expect(told.at(-1)).toEqual({ jobIds: ['a', 'c'], more: false })
  end()
  endOther()
  expect(wakes.listeners.size).toBe(0)
  vi.advanceTimersByTime(1000)
  expect(told.length).toBe(5)
})

it('names at most a hundred jobs, and says that there were more', () => {
  const wakes = new Wakes()
  const told: Changed[] = []
  new JobChanges(wakes).subscribe((changed) => told.push(changed))
  const ids = Array.from({ length: 101 }, () => randomUUID())
  wakes.tell(...ids, ids[0] ?? '')
  vi.advanceTimersByTime(1)
  expect(told).toEqual([{ jobIds: ids.slice(0, 100), more: true }])
  const many = { jobIds: ids.slice(0, 60), more: false }
  expect(mergeChanged(many, { jobIds: ids.slice(50, 100), more: false })).toEqual({ jobIds: ids.slice(0, 100), more: false })
  expect(mergeChanged(many, { jobIds: ids.slice(50), more: false })).toEqual({ jobIds: ids.slice(0, 100), more: true })
})

it('waits for a reader that is slow, and tells it once of all that changed meanwhile', async () => {
  const wakes = new Wakes()
  const changes = new JobChanges(wakes)
  const sent: unknown[] = []
  let free: (() => void) | undefined
  let slow: Promise<void> | undefined = new Promise((resolve) => {
    free = () => {
      slow = undefined
      resolve()
    }
  })
  const carrier: Carrier = {
    connectionId: 'c-1',
    open: true,
    attachments: 0,
    send: (text) => sent.push(JSON.parse(text)),
    turn: () => slow,
    attach: () => {
      throw new Error('Nothing is attached here.')
    },
  }
  const rights: FollowRights = { readJob: () => Promise.reject(new Error('No job is read here.')), readLists: () => Promise.resolve() }
  const follower = new NativeFollower(carrier, { delivery: { settings: DELIVERY_DEFAULTS, changes }, version: '1', maxJobs: 1, rights })
  await follower.lists(true)
  for (const id of ['a', 'b', 'c']) {
    wakes.tell(id)
    await vi.advanceTimersByTimeAsync(1000)
  }
  expect(sent).toMatchObject([{ type: 'welcome' }])
  free?.()
  await vi.advanceTimersByTimeAsync(0)
  expect(sent).toMatchObject([{ type: 'welcome' }, { type: 'jobs.changed', jobIds: ['a', 'b', 'c'], more: false }])
  wakes.tell('d')
  follower.closed()
  await vi.advanceTimersByTimeAsync(1000)
  expect(sent.length).toBe(2)
  expect(wakes.listeners.size).toBe(0)
})
