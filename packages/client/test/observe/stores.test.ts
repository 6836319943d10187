import type { Job } from '@headway/protocol'
import type { ConnectionState, Follow, FollowedEvent, FollowOptions, Jobs } from '@headway/client'
import { beforeEach, expect, onTestFinished, test, vi } from 'vitest'
import { HeadwayClientError } from '../../src/errors.js'
import { observeEvents } from '../../src/observe/event-window.js'
import { observeJob } from '../../src/observe/observe-job.js'

const ID = '3f2b8c1e-0000-4000-8000-000000000000'
const jobAt = (head: number, status = 'running') => ({ id: ID, status, head }) as Job
const eventAt = (seq: number, type = 'log') => ({ seq, type, at: '2026-11-22T17:00:00.000Z', data: {} }) as FollowedEvent

/** Jobs whose answers and events the test gives. */
function standIn(answers: readonly (Job | Error)[]) {
  const left = [...answers]
  const follows: { readonly options: FollowOptions | undefined; tell: (...events: FollowedEvent[]) => void; isClosed: boolean }[] = []
  const jobs: object = {
    async get() {
      const answer = left.shift()
      if (answer === undefined || answer instanceof Error) throw answer ?? new Error('Nothing more was expected to be asked for.')
      return answer
    },
    follow(_: string, options?: FollowOptions) {
      let cursor = options?.after ?? 0
      const follow = { options, tell: (..._events: FollowedEvent[]): void => undefined, isClosed: false }
      follows.push(follow)
      const states: ((state: ConnectionState) => void)[] = []
      const following: Pick<Follow, 'state' | 'cursor' | 'onState' | 'subscribe' | 'close'> = {
        state: 'live',
        get cursor() {
          return cursor
        },
        onState: (listener) => (states.push(listener), () => undefined),
        subscribe(listener, ended) {
          follow.tell = (...events) => {
            for (const event of events) cursor = event.type === 'reset' ? event.after : event.seq
            listener(events)
            if (events.at(-1)?.type === 'completed') ended?.()
          }
          return () => undefined
        },
        close() {
          follow.isClosed = true
          states.forEach((tell) => tell('closed'))
        },
      }
      return following
    },
  }
  return { client: { jobs: jobs as Jobs }, follows }
}

beforeEach(() => {
  vi.useFakeTimers()
  onTestFinished(() => void vi.useRealTimers())
})

/** Longer than a frame, shorter than the grace. */
const frame = () => vi.advanceTimersByTimeAsync(50)

test('after a reset a job is taken as it is now, and nothing of what comes then is missed', async () => {
  const { client, follows } = standIn([jobAt(50), jobAt(40)])
  const store = observeJob(client, ID)
  onTestFinished(store.subscribe(() => undefined))
  await frame()
  expect(store.get()).toMatchObject({ job: { head: 50 }, connection: 'live' })
  follows[0]?.tell({ type: 'reset', reason: 'ahead', after: 0, head: 40 }, eventAt(1))
  await frame()
  expect(follows.map(({ isClosed, options }) => [isClosed, options?.after])).toEqual([
    [true, 50],
    [false, 40],
  ])
  follows[1]?.tell(eventAt(41, 'completed'))
  await frame()
  expect(store.get()).toMatchObject({ job: { head: 41, status: 'completed' }, connection: 'closed' })
})

test('a job that is refused is asked for again by `refresh`, and answers that come one after another do not pile up', async () => {
  const refused = new HeadwayClientError('FORBIDDEN', 'no', { status: 403 })
  const { client, follows } = standIn([refused, jobAt(5, 'paused'), jobAt(7, 'queued'), jobAt(9, 'queued')])
  const store = observeJob(client, ID)
  onTestFinished(store.subscribe(() => undefined))
  await frame()
  expect(store.get()).toMatchObject({ error: { code: 'FORBIDDEN' }, connection: 'closed' })
  store.get().refresh()
  await frame()
  expect(store.get()).toMatchObject({ job: { status: 'paused' }, error: undefined, connection: 'live' })
  // Three that are not clear, two askings.
  follows[0]?.tell(eventAt(6, 'resumed'))
  follows[0]?.tell(eventAt(7, 'released'))
  follows[0]?.tell(eventAt(8, 'recovered'))
  await frame()
  expect(store.get()).toMatchObject({ job: { status: 'queued', head: 9 }, error: undefined, connection: 'live' })
})

test('a window on events that nobody looked at for a while goes on where it was, and is asked for no more when the log is over', async () => {
  const { client, follows } = standIn([])
  const store = observeEvents(client, ID, { maxEvents: 2, token: 'a' })
  const leave = store.subscribe(() => undefined)
  follows[0]?.tell(eventAt(1), eventAt(2), eventAt(3))
  await frame()
  leave()
  await vi.advanceTimersByTimeAsync(2000)
  expect(follows[0]?.isClosed).toBe(true)
  onTestFinished(store.subscribe(() => undefined))
  await frame()
  expect(store.get()).toMatchObject({ events: [{ seq: 2 }, { seq: 3 }], dropped: 1, state: 'live', ended: false })
  follows[1]?.tell(eventAt(4, 'completed'))
  await frame()
  store.get().refresh()
  expect(store.get()).toMatchObject({ cursor: 4, ended: true })
  expect(follows.map(({ options }) => options)).toEqual([
    { after: 0, token: 'a' },
    { after: 3, token: 'a' },
  ])
})
