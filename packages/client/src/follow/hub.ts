import type { Downstream, Heard, Upstream } from '../connection/upstream.js'
import { createListeners } from '../listeners.js'
import type { Listeners } from '../listeners.js'
import type { Runtime } from '../runtime.js'
import type { ListChange } from '../types.js'
import type { Follower } from './follower.js'

/** A follower of a page, what is called when a batch of messages was given to it, and what ends it. */
export interface Member {
  readonly follower: Follower
  readonly flush: () => void
  readonly close: () => void
}

/** All that a page follows over one upstream. */
export interface Hub {
  readonly upstream: Upstream
  readonly changed: Listeners<[]>
  add(member: Member): void
  remove(member: Member): void
  /** @returns what ends it */
  onLists(listener: (change: ListChange) => void): () => void
  /** Ends all that is followed, and whatever would be. */
  close(): void
}

export function createHub(runtime: Runtime, connect: (downstream: Downstream) => Upstream): Hub {
  const members = new Set<Member>()
  const lists = createListeners<[ListChange]>()
  const changed = createListeners<[]>()
  const upstream = connect({
    wants: () => Array.from(members, ({ follower: { jobId, after, token } }) => ({ jobId, after, token })),
    lists: () => lists.size > 0 && !isClosed,
    take,
    changed: changed.tell,
  })
  let isDue = false
  let isClosed = false

  /** Says what is wanted, once for all that changes at a time. */
  function update(): void {
    if (isDue || isClosed) return
    isDue = true
    runtime.setTimer(() => {
      isDue = false
      upstream.update()
    }, 0)
  }

  function take(messages: readonly Heard[]): void {
    const told = new Set<Member>()
    for (const message of messages) {
      if (message.type === 'jobs.changed') lists.tell(message)
      for (const member of members) {
        const { follower } = member
        if (!('jobId' in message) || message.jobId !== follower.jobId) continue
        // Who asks with another token is not meant, and may go on with it.
        if ('token' in message && message.token !== follower.token) update()
        else {
          follower.receive(message)
          told.add(member)
        }
      }
    }
    for (const { flush } of told) flush()
  }

  return {
    upstream,
    changed,
    add(member) {
      if (isClosed) return member.close()
      members.add(member)
      update()
    },
    remove(member) {
      if (members.delete(member)) update()
    },
    onLists(listener) {
      const end = lists.add(listener)
      update()
      return () => {
        end()
        update()
      }
    },
    close() {
      isClosed = true
      for (const { close } of members) close()
      upstream.close()
    },
  }
}
