import type { JobId, ServerMessage } from '@headway/protocol'
import { worstState } from './connection-state.js'
import { createLink } from './link.js'
import type { Link, LinkOptions } from './link.js'
import type { Downstream, Upstream } from './upstream.js'

/** As many connections as the wanted jobs need: one, unless there are more jobs than the server takes on one. */
export function createLinks(options: Omit<LinkOptions, keyof Downstream | 'overflow'>, { take, changed }: Downstream): Upstream {
  const links: Link[] = []

  /** Moves what is too much for a link to another. */
  function overflow(): void {
    for (const link of links) {
      for (const [jobId, place] of [...link.places].slice(link.room)) {
        link.places.delete(jobId)
        linkWithRoom().places.set(jobId, place)
      }
    }
    // Not now: one of them is in the middle of a message.
    options.runtime.setTimer(() => links.forEach((link) => link.update()), 0)
  }

  function linkWithRoom(): Link {
    let link = links.find(({ places, room }) => places.size < room)
    if (!link) links.push((link = createLink({ ...options, take, changed, overflow })))
    return link
  }

  return {
    leader: true,
    close() {
      this.set([], false)
    },
    get state() {
      return worstState(links.map(({ state }) => state))
    },
    get transport() {
      return links.find(({ transport }) => transport)?.transport
    },
    set(wants, lists) {
      const touched = new Set<Link>()
      const answers: ServerMessage[] = []
      const wanted = new Set<JobId>(wants.map(({ jobId }) => jobId))
      for (const link of links) {
        for (const [jobId, { isOver }] of link.places) {
          if (wanted.has(jobId)) continue
          link.places.delete(jobId)
          if (!isOver) touched.add(link)
        }
      }
      for (const want of wants) {
        const { jobId } = want
        const place = links.flatMap(({ places }) => places.get(jobId) ?? [])[0]
        if (place) {
          const { after } = place.want
          if (place.isOver) answers.push({ type: 'end', jobId, seq: after })
          else if (after > want.after) answers.push({ type: 'attached', jobId, after, head: after })
        } else {
          const link = linkWithRoom()
          link.places.set(jobId, { want })
          touched.add(link)
        }
      }
      const first = links[0] ?? linkWithRoom()
      if (first.lists !== lists) {
        first.lists = lists
        touched.add(first)
      }
      for (const link of touched) link.update()
      if (answers.length > 0) take(answers)
    },
  }
}
