import { worstState } from './connection-state.js'
import { createLink } from './link.js'
import type { Link, LinkOptions, Place } from './link.js'
import type { Want } from './transport.js'
import type { Downstream, Upstream } from './upstream.js'

/** As many connections as the wanted jobs need: one, unless there are more jobs than the server takes on one. */
export function createLinks(
  options: Omit<LinkOptions, 'take' | 'changed' | 'overflow'>,
  { wants, lists, take, changed }: Downstream,
): Upstream {
  const links: Link[] = []
  /** Wants that know already that they are not where their job's place is. Those of other tabs are asked for only now and then. */
  const told = new WeakSet<Want>()
  let isClosed = false

  function linkWithRoom(): Link {
    let link = links.find(({ places, room }) => places.size < room)
    if (!link) links.push((link = createLink({ ...options, take, changed, overflow: put })))
    return link
  }

  /** What is too much for one link goes to another, as far as it has come. */
  function put(place: Place): void {
    const link = linkWithRoom()
    link.places.set(place.want.jobId, place)
    link.update()
  }

  function update(): void {
    const all = isClosed ? [] : wants()
    const wanted = new Set(all.map(({ jobId }) => jobId))
    for (const { places } of links) {
      for (const jobId of places.keys()) if (!wanted.has(jobId)) places.delete(jobId)
    }
    for (const want of all) {
      const { jobId } = want
      const place = links.flatMap(({ places }) => places.get(jobId) ?? [])[0]
      if (!place) linkWithRoom().places.set(jobId, { want })
      else if (!told.has(want)) {
        const { after } = place.want
        if (place.isOver) take([{ type: 'end', jobId, seq: after }])
        else if (place.head !== undefined && after !== want.after) take([{ type: 'attached', jobId, after, head: place.head }])
      }
      told.add(want)
    }
    ;(links[0] ?? linkWithRoom()).lists = !isClosed && lists()
    for (const link of links) link.update()
  }

  return {
    leader: true,
    update,
    close() {
      isClosed = true
      update()
    },
    get state() {
      return worstState(links.map(({ state }) => state))
    },
    get transport() {
      return links.find(({ transport }) => transport)?.transport
    },
  }
}
