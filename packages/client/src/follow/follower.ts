import type { JobEvent, JobId, Reset, Seq, ServerMessage } from '@headway/protocol'
import { createBackoff } from '../backoff.js'
import { seqOf, signalWithin } from '../connection/transport.js'
import { HeadwayClientError, isRefusal, silent } from '../errors.js'
import { isTerminal } from '../is-terminal.js'
import type { Runtime } from '../runtime.js'

/** A page of a log, as the API gives it. */
export interface EventPage {
  readonly events: readonly JobEvent[]
  readonly next: Seq
  readonly head: Seq
  readonly closed: boolean
  readonly reset?: Reset | undefined
}

export interface FollowerOptions {
  readonly jobId: JobId
  readonly after: Seq
  readonly token: string | undefined
  readonly runtime: Runtime
  readonly readPage: (jobId: JobId, after: Seq, token: string | undefined, signal: AbortSignal) => Promise<EventPage>
  /** There is something to take, or nothing more will come. */
  readonly ready: () => void
}

/** One reader of one job's log. However messages are cut, delayed, doubled or put out of order: it has every event once, in order. */
export interface Follower {
  readonly jobId: JobId
  readonly token: string | undefined
  /** The last seq that it has. */
  readonly after: Seq
  /** Nothing more will come; `error` where that is not because the log is at its end. */
  readonly isOver: boolean
  readonly error: Error | undefined
  receive(message: ServerMessage): void
  /** What came since the last time. */
  drain(): readonly (JobEvent | Reset)[]
  stop(error?: Error): void
}

/** So many events, and so many characters of JSON, are held for a slow reader; what comes beyond is read again when it has room. A page goes over it. */
const MAX_HELD_EVENTS = 1000
const MAX_HELD_LENGTH = 1024 * 1024

/** So long a page may take, in milliseconds. */
const PAGE_MS = 20_000

export function createFollower({ jobId, token, runtime, readPage, ready, ...options }: FollowerOptions): Follower {
  let { after } = options
  /** The log is known to go at least so far. What is between `after` and this was missed, and is read by pages. */
  let known = after
  let held: (JobEvent | Reset)[] = []
  let heldLength = 0
  let isReading = false
  /** History may be gone: only a page tells whether it is for this cursor. */
  let isInDoubt = false
  let isOver = false
  let error: Error | undefined
  const stopped = new AbortController()

  const isBehind = (): boolean => !isOver && (after < known || isInDoubt)
  const hasRoom = (): boolean => held.length < MAX_HELD_EVENTS && heldLength < MAX_HELD_LENGTH

  function hold(event: JobEvent | Reset): void {
    // Whoever takes events as they come never has one waiting: only then it is worth measuring.
    if (held.length > 0) heldLength += JSON.stringify(event).length
    held.push(event)
  }

  /** Takes the event that is next; another one only tells that there is more. */
  function accept(event: JobEvent): void {
    if (event.seq === after + 1 && !isOver) {
      after = event.seq
      hold(event)
      if (isTerminal(event.type)) stop()
    }
  }

  function fail(why: HeadwayClientError): void {
    // What was there once is no more.
    const isPruned = why.code === 'JOB_NOT_FOUND' && after > 0
    if (isPruned) hold({ type: 'reset', reason: 'pruned', after: 0, head: 0 })
    stop(isPruned ? undefined : why)
  }

  function stop(why?: Error): void {
    if (isOver) return
    isOver = true
    error = why
    stopped.abort()
  }

  /** Takes a page, and what it says of the log. */
  function acceptPage({ events, next, head, closed, reset }: EventPage, knownBefore: Seq): void {
    // What was known before is settled by the page; what became known meanwhile is not.
    known = known === knownBefore ? head : Math.max(known, head)
    if (reset) {
      hold(reset)
      known = head
      after = reset.after
      // What came meanwhile was dropped, as it was not known to be of this log.
      isInDoubt = true
    }
    events.forEach(accept)
    if (closed && next >= head && after >= head) stop()
  }

  /** Reads what was missed. */
  async function read(): Promise<void> {
    if (isReading) return
    isReading = true
    const backoff = createBackoff(runtime)
    while (hasRoom() && isBehind()) {
      isInDoubt = false
      const knownBefore = known
      let waitMs: number | undefined
      try {
        acceptPage(await page(), knownBefore)
        backoff.reset()
        ready()
        continue
      } catch (failure) {
        if (isOver) break
        isInDoubt = true
        if (failure instanceof HeadwayClientError) {
          if (isRefusal(failure.status)) {
            fail(failure)
            break
          }
          waitMs = failure.retryAfterMs
        }
      }
      await backoff.pause(stopped.signal, waitMs)
    }
    isReading = false
    if (isOver) ready()
  }

  async function page(): Promise<EventPage> {
    const request = signalWithin(stopped.signal)
    let cancel = request.abort
    const late = new Promise<never>((_resolve, reject) => {
      cancel = runtime.setTimer(() => reject(silent()), PAGE_MS)
    })
    return Promise.race([readPage(jobId, after, token, request.signal), late]).finally(() => {
      cancel()
      request.abort()
    })
  }

  return {
    jobId,
    token,
    get after() {
      return after
    },
    get isOver() {
      return isOver
    },
    get error() {
      return error
    },
    receive(message) {
      if (isOver) return
      const { type } = message
      known = Math.max(known, seqOf(message))
      if (type === 'event' && !isReading && hasRoom()) accept(message.event)
      if (type === 'error') fail(new HeadwayClientError(message.code, message.message))
      if (type === 'reset' && message.reason !== 'ahead') {
        const { reason, after, head } = message
        hold({ type, reason, after, head })
        stop()
      }
      // The log goes less far than what was read: it is another one.
      isInDoubt ||= type === 'reset' || (type === 'attached' && message.head < after) || (type === 'end' && message.seq < after)
      if (type === 'end' && !isBehind() && !isReading) stop()
      if (isBehind()) void read()
    },
    drain() {
      const drained = held
      held = []
      heldLength = 0
      if (isBehind()) void read()
      return drained
    },
    stop,
  }
}
