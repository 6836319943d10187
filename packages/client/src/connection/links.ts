import type { JobId } from '@headway/protocol'
import { worstState } from './connection-state.js'
import { createLink } from './link.js'
import type { Link, LinkOptions } from './link.js'
import type { Downstream, Upstream } from './upstream.js'

/** As many connections as the wanted jobs need: one, unless there are more jobs than the server takes on one. */
export function createLinks(options: Omit<LinkOptions, keyof Downstream | 'overflow'>, { take, changed }: Downstream): Upstream {
  const links: Link[] = []

  let asked: Parameters<Upstream['set']> = [[], false]

  function linkWithRoom(): Link {
    let link = links.find(({ places, room }) => places.size < room)
    if (!link) links.push((link = createLink({ ...options, take, changed, overflow: () => void options.runtime.setTimer(again, 0) })))
    return link
  }

  function set(...[wants, lists]: Parameters<Upstream['set']>): void {
    asked = [wants, lists]
    const touched = new Set<Link>()
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
        if (place.isOver) take([{ type: 'end', jobId, seq: after }])
        else if (after > want.after) take([{ type: 'attached', jobId, after, head: after }])
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
  }

  /** What was too much for a link, and was left out there, goes to another. */
  const again = (): void => set(...asked)

  return {
    leader: true,
    close: () => set([], false),
    get state() {
      return worstState(links.map(({ state }) => state))
    },
    get transport() {
      return links.find(({ transport }) => transport)?.transport
    },
    set,
  }
}
