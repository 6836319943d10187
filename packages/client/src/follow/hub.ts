import type { ServerMessage } from '@headway/protocol'
import type { Downstream, Upstream } from '../connection/upstream.js'
import { createListeners } from '../listeners.js'
import type { Listeners } from '../listeners.js'
import type { Runtime } from '../runtime.js'
import type { ListChange } from '../types.js'
import type { Follower } from './follower.js'

/** A follower of a page, and what is called when a batch of messages was given to it. */
export interface Member {
  readonly follower: Follower
  readonly flush: () => void
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
  const upstream = connect({ take, changed: changed.tell })
  let isDue = false
  let isClosed = false

  /** Says what is wanted, once for all that changes at a time. */
  function update(): void {
    if (isDue || isClosed) return
    isDue = true
    runtime.setTimer(() => {
      isDue = false
      upstream.set(
        Array.from(members, ({ follower: { jobId, after, token } }) => ({ jobId, after, token })),
        lists.size > 0,
      )
    }, 0)
  }

  function take(messages: readonly ServerMessage[]): void {
    const told = new Set<Member>()
    for (const message of messages) {
      if (message.type === 'jobs.changed') lists.tell(message)
      for (const member of members) {
        if (!('jobId' in message) || message.jobId !== member.follower.jobId) continue
        member.follower.receive(message)
        told.add(member)
      }
    }
    for (const { flush } of told) flush()
  }

  function stop({ follower, flush }: Member): void {
    follower.stop()
    flush()
  }

  return {
    upstream,
    changed,
    add(member) {
      if (isClosed) return stop(member)
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
      for (const member of members) stop(member)
      upstream.close()
    },
  }
}
