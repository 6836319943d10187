import type { Engine } from '@headway/core'
import type { JobId } from '@headway/protocol'
import { ITEM_EVENT, itemSchema } from './item.js'
import type { Item } from './item.js'

/** How much of a log is read at a time. */
const PAGE_EVENTS = 500
const PAGE_BYTES = 1024 * 1024

/** The items that a job's log has, in the order of their seqs. */
export async function* itemsOf(engine: Pick<Engine, 'read'>, id: JobId): AsyncGenerator<Item> {
  for (let after = 0; ;) {
    const page = await engine.read(id, { after, types: [ITEM_EVENT], maxEvents: PAGE_EVENTS, maxBytes: PAGE_BYTES })
    for (const { data } of page.events) yield itemSchema.parse(data)
    if (page.next <= after) return
    after = page.next
  }
}
