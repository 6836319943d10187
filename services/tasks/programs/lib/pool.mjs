import { setMaxListeners } from 'node:events'
import { setTimeout as wait } from 'node:timers/promises'

/** Each piece of work may listen to the signal for several requests. */
const LISTENERS_EACH = 8

/**
 * Calls a function for each item, at most so many at a time. After the first error no more are begun, and what is under way is waited for.
 *
 * @template Item
 * @param {readonly Item[]} items
 * @param {number} atOnce
 * @param {(item: Item, index: number) => Promise<void>} work
 * @param {AbortSignal} [signal]
 */
export async function forEachAtOnce(items, atOnce, work, signal) {
  if (signal !== undefined) setMaxListeners(atOnce * LISTENERS_EACH, signal)
  let next = 0
  let failed = false
  const runs = Array.from({ length: Math.min(atOnce, items.length) }, async () => {
    while (next < items.length && !failed) {
      signal?.throwIfAborted()
      const index = next
      next += 1
      try {
        await work(items[index], index)
      } catch (error) {
        failed = true
        throw error
      }
    }
  })
  const ends = await Promise.allSettled(runs)
  const broken = ends.find(({ status }) => status === 'rejected')
  if (broken) throw broken.reason
}

/** Lets the n-th item through not before its time: at most so many a second; 0: at once. */
export function paceOf(itemsPerSecond) {
  const startedAt = performance.now()
  return async (index, signal) => {
    if (itemsPerSecond === 0) return
    const early = startedAt + (index * 1000) / itemsPerSecond - performance.now()
    if (early > 1) await wait(early, undefined, { signal })
  }
}
