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
}

const MAX_EVENTS = 1000

/** Keeps the newest events of a job. */
export function observeEvents(
  client: { readonly jobs: Jobs },
  id: JobId,
  { after = 0, maxEvents = MAX_EVENTS, token }: EventWindowOptions = {},
): Store<EventWindow> {
  return sharedStore(client, `events ${id} ${after} ${maxEvents}`, () => {
    let held: FollowedEvent[] = []
    let dropped = 0
    let isChanged = false
    let shown: EventWindow = { events: held, dropped, state: 'connecting', cursor: after, ended: false }

    return {
      compute() {
        if (isChanged) shown = { ...shown, events: held.slice(-maxEvents), dropped: dropped + Math.max(0, held.length - maxEvents) }
        isChanged = false
        return shown
      },
      open(changed) {
        // Looked at again after a while, it goes on where it was.
        const following = client.jobs.follow(id, { after: shown.cursor, ...(token !== undefined && { token }) })
        const change = (now: Partial<EventWindow>): void => {
          shown = { ...shown, ...now }
          changed()
        }
        following.onState((state) => change({ state }))
        following.subscribe(
          (events) => {
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
            change({ cursor: following.cursor })
          },
          (error) => change({ ended: !error, ...(error && { error }) }),
        )
        change({ state: following.state })
        return () => following.close()
      },
    }
  })
}
