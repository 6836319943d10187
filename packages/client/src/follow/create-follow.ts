import type { JobId } from '@headway/protocol'
import { nextState } from '../connection/connection-state.js'
import { createListeners } from '../listeners.js'
import type { ConnectionState, Follow, FollowedEvent, FollowOptions } from '../types.js'
import { createFollower } from './follower.js'
import type { FollowerOptions } from './follower.js'
import type { Hub } from './hub.js'

/** Follows a job over a hub. Nothing is asked of the server before it is iterated or subscribed to. */
export function createFollow(
  id: JobId,
  { after = 0, token, signal }: FollowOptions,
  hub: Hub,
  { runtime, readPage }: Pick<FollowerOptions, 'runtime' | 'readPage'>,
): Follow {
  const follower = createFollower({ jobId: id.toLowerCase(), after, token, runtime, readPage, ready: flush })
  const member = { follower, flush, close }
  const states = createListeners<[ConnectionState]>()
  const readers = createListeners<[readonly FollowedEvent[]]>()
  const ends = createListeners<[Error | undefined]>()
  /** Events that an iterator has not asked for yet. */
  let queue: FollowedEvent[] = []
  /** Those who wait for the next one. */
  const waiting: (() => void)[] = []
  let cursor = after
  let state: ConnectionState = 'connecting'
  let isStarted = false
  let isDone = false
  let isClosed = false
  let stopWatching = (): void => undefined

  function setState(to: ConnectionState): void {
    if (state === to || state === 'closed') return
    state = to
    states.tell(to)
  }

  /** What the connection is, it is for each of its jobs; one that another tab takes over is a lost one. */
  function watch(): void {
    setState(nextState(state, hub.upstream.state === 'live' ? 'heard' : 'lost'))
  }

  function start(): void {
    if (isStarted) return
    isStarted = true
    if (follower.isOver) return
    stopWatching = hub.changed.add(watch)
    watch()
    hub.add(member)
  }

  function moveTo(event: FollowedEvent): void {
    cursor = event.type === 'reset' ? event.after : event.seq
  }

  /** Hands out what has come, if somebody takes it as it comes; else it waits. */
  function flush(): void {
    if (readers.size > 0) {
      const events = follower.drain() as readonly FollowedEvent[]
      events.slice(-1).forEach(moveTo)
      if (events.length > 0) readers.tell(events)
    }
    if (follower.isOver && !isDone) {
      isDone = true
      hub.remove(member)
      stopWatching()
      setState('closed')
      signal?.removeEventListener('abort', close)
      if (!isClosed) ends.tell(follower.error)
    }
    for (const wake of waiting.splice(0)) wake()
  }

  function close(): void {
    isClosed = true
    follower.stop()
    follower.drain()
    queue = []
    flush()
  }

  if (signal?.aborted) close()
  else signal?.addEventListener('abort', close)

  return {
    get state() {
      return state
    },
    get cursor() {
      return cursor
    },
    onState: states.add,
    subscribe(listener, ended) {
      const stops = [readers.add(listener), ends.add((error) => ended?.(error))]
      const wasDone = isDone
      start()
      // What came before, and later than this, so that the caller has what ends it before the first call.
      queueMicrotask(() => {
        flush()
        if (wasDone && !isClosed) ended?.(follower.error)
      })
      return () => stops.forEach((stop) => stop())
    },
    close,
    [Symbol.asyncIterator]() {
      start()
      return {
        async next() {
          for (;;) {
            if (queue.length === 0) queue = follower.drain().toReversed() as FollowedEvent[]
            const value = queue.pop()
            if (value) {
              moveTo(value)
              return { value, done: false }
            }
            if (follower.error) throw follower.error
            if (follower.isOver) return { value: undefined, done: true }
            await new Promise<void>((resolve) => waiting.push(resolve))
          }
        },
        async return() {
          close()
          return { value: undefined, done: true }
        },
      }
    },
  }
}
