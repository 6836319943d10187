import type { JobId, Seq } from '@headway/protocol'
import type { ConnectionState, FollowedEvent, Jobs } from '../types.js'
import { sharedStore } from './store.js'
import type { Store } from './store.js'

export interface EventWindowOptions {
  /** The cursor: the last seq that is known already. 0, the default, for all. */
  readonly after?: Seq
  /** So many events are kept, the newest ones: 1,000 by default. */
  readonly maxEvents?: number
  /** The job's token, where the client has no credential that covers it. */
  readonly token?: string
}

/** The newest events of a job. */
export interface EventWindow {
  /** In order; another array whenever there are others. */
  readonly events: readonly FollowedEvent[]
  /** How many older ones were let go. */
  readonly dropped: number
  readonly state: ConnectionState
  /** The seq of the last event. */
  readonly cursor: Seq
  /** The log is over, and all of it was here. */
  readonly ended: boolean
  /** Why the following ended before the log did. */
  readonly error?: Error | undefined
  /** Follows again from the last event, after an error that has ended it, say. */
  readonly refresh: () => void
}

const MAX_EVENTS = 1000

/** Keeps the newest events of a job. */
export function observeEvents(
  client: { readonly jobs: Jobs },
  id: JobId,
  { after = 0, maxEvents = MAX_EVENTS, token }: EventWindowOptions = {},
): Store<EventWindow> {
  return sharedStore(client, `events ${id} ${after} ${maxEvents} ${token}`, () => {
    let held: FollowedEvent[] = []
    let dropped = 0
    let isChanged = false
    let begin = (): void => undefined
    let shown: EventWindow = { events: held, dropped, state: 'connecting', cursor: after, ended: false, refresh: () => begin() }

    return {
      compute() {
        if (isChanged) shown = { ...shown, events: held.slice(-maxEvents), dropped: dropped + Math.max(0, held.length - maxEvents) }
        isChanged = false
        return shown
      },
      open(changed) {
        const change = (now: Partial<EventWindow>): void => {
          shown = { ...shown, ...now }
          changed()
        }

        function take(events: readonly FollowedEvent[]): void {
          for (const event of events) {
            // What was there is no part of the log any more.
            if (event.type === 'reset') [held, dropped] = [[], 0]
            held.push(event)
          }
          // Not at each event, so that it costs nothing for each.
          if (held.length > 2 * maxEvents) {
            dropped += held.length - maxEvents
            held = held.slice(-maxEvents)
          }
          isChanged = true
        }

        /** Goes on where it was, as for whoever looks again after a while. @returns what ends it, and tells nothing of it */
        function follow(): () => void {
          // Of a log that is over there is nothing more.
          if (shown.ended) return () => undefined
          const following = client.jobs.follow(id, { after: shown.cursor, ...(token !== undefined && { token }) })
          let isLeft = false
          following.onState((state) => {
            if (!isLeft) change({ state })
          })
          following.subscribe(
            (events) => {
              if (isLeft) return
              take(events)
              change({ cursor: following.cursor })
            },
            (error) => {
              if (!isLeft) change({ ended: !error, error })
            },
          )
          change({ state: following.state, error: undefined })
          return () => {
            isLeft = true
            following.close()
          }
        }

        let leave = follow()
        begin = () => {
          leave()
          leave = follow()
        }
        return () => {
          begin = () => undefined
          leave()
        }
      },
    }
  })
}
