import type { ServerMessage } from '@headway/protocol'
import { expect, test } from 'vitest'
import { createFollower } from '../dist/follow/follower.js'
import type { EventPage } from '../dist/follow/follower.js'
import { runtime } from '../dist/runtime.js'

const jobId = 'a-job'
const eventOf = (seq: number, type = 'log') => ({ seq, at: '2026-01-01T00:00:00Z', type, data: {} }) as never
const message = (seq: number, type?: string): ServerMessage => ({ type: 'event', jobId, seq, event: eventOf(seq, type) })
const numbers = (from: number, to: number): number[] => Array.from({ length: to - from + 1 }, (_, index) => from + index)

/** The pages of a log of so many events, the last of which ends it. A cursor that is ahead of it goes back to `to`. */
function pagesOf(head: number, to = 0) {
  return async (_id: string, after: number): Promise<EventPage> => {
    if (after > head) return { events: [], next: to, head, closed: true, reset: { type: 'reset', reason: 'ahead', after: to, head } }
    const events = numbers(after + 1, head).map((seq) => eventOf(seq, seq === head ? 'completed' : 'log'))
    return { events, next: head, head, closed: true }
  }
}

test('a log that went back is read again, also by a reader who was too slow to be told', async () => {
  const follower = createFollower({ jobId, after: 0, token: undefined, runtime, ready: () => undefined, readPage: pagesOf(10) })
  for (const seq of numbers(1, 1000)) follower.receive(message(seq))
  follower.receive({ type: 'reset', jobId, reason: 'ahead', after: 0, head: 10 })
  follower.receive({ type: 'end', jobId, seq: 10 })
  expect(follower.drain()).toHaveLength(1000)
  await expect.poll(() => follower.isOver).toBe(true)
  expect(follower.drain().map((event) => ('seq' in event ? event.seq : event.reason))).toEqual(['ahead', ...numbers(1, 10)])
})

test('a cursor beyond the end of a log that others follow is told so', async () => {
  const follower = createFollower({ jobId, after: 100, token: undefined, runtime, ready: () => undefined, readPage: pagesOf(60, 58) })
  follower.receive(message(60, 'completed'))
  follower.receive({ type: 'end', jobId, seq: 60 })
  await expect.poll(() => follower.isOver).toBe(true)
  expect(follower.drain().map((event) => ('seq' in event ? event.seq : event.reason))).toEqual(['ahead', 59, 60])
})

test('what came while the page of a reset was on its way is read', async () => {
  let give = (_page: EventPage): void => undefined
  let isFirst = true
  const readPage = (id: string, after: number): Promise<EventPage> => {
    if (!isFirst) return pagesOf(51)(id, after)
    isFirst = false
    return new Promise((resolve) => (give = resolve))
  }
  const follower = createFollower({ jobId, after: 100, token: undefined, runtime, ready: () => undefined, readPage })
  follower.receive({ type: 'reset', jobId, reason: 'ahead', after: 50, head: 50 })
  follower.receive(message(51, 'completed'))
  follower.receive({ type: 'end', jobId, seq: 51 })
  give({ events: [], next: 50, head: 50, closed: false, reset: { type: 'reset', reason: 'ahead', after: 50, head: 50 } })
  await expect.poll(() => follower.isOver).toBe(true)
  expect(follower.drain().map((event) => ('seq' in event ? event.seq : event.reason))).toEqual(['ahead', 51])
})
