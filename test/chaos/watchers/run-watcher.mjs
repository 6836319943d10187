import { setTimeout as wait } from 'node:timers/promises'
import { Unreachable } from '../http.mjs'

/** Before a watcher connects again, in milliseconds; it doubles while there is no server. */
const COMEBACK_MS = { min: 10, max: 100, longest: 600 }

/** How long a connection of a restless watcher lasts at most, in milliseconds. */
const RESTLESS_MS = { min: 50, max: 1500 }

/**
 * Follows one job until its terminal event: connects, reads until the connection ends for whatever reason, and comes back with its
 * cursor. Now and then it breaks the connection itself.
 *
 * @param {object} options
 * @param {{ done: boolean, connections: number, violate: (what: string) => void }} options.watcher
 * @param {(signal: AbortSignal) => Promise<void>} options.connect one connection, until it ends; throws Unreachable when there is no server
 * @param {AbortSignal} options.stop
 */
export async function runWatcher({ watcher, connect, random, stop }) {
  const restless = random.chance(0.3)
  let comeback = COMEBACK_MS.max
  while (!watcher.done && !stop.aborted) {
    const own = new AbortController()
    const timer = restless ? setTimeout(() => own.abort(), random.between(RESTLESS_MS.min, RESTLESS_MS.max)) : undefined
    watcher.connections += 1
    try {
      await connect(AbortSignal.any([own.signal, stop]))
      comeback = COMEBACK_MS.max
    } catch (error) {
      if (!(error instanceof Unreachable)) {
        watcher.violate(`could not go on: ${error instanceof Error ? error.stack : String(error)}`)
        return
      }
      comeback = Math.min(comeback * 2, COMEBACK_MS.longest)
    } finally {
      clearTimeout(timer)
    }
    if (!watcher.done) await wait(random.between(COMEBACK_MS.min, comeback))
  }
}

/** Whether an answer is one that a server that starts, stops or is busy may give. Any other than `good` is a violation. */
export function isGood(watcher, status, good, text = '') {
  if (good.includes(status)) return true
  if (status !== 503) watcher.violate(`was answered ${status} at cursor ${watcher.after}: ${text}`)
  return false
}
