import type { Listener } from './types.js'

/** A step that takes longer than this tells how far it is, and again each time so much time has gone by, in milliseconds. */
const PROGRESS_MS = 1_000

/** The `phase` of the `progress` events of a long step. */
const PHASE = 'transformation'
/** That of a compilation that waits for its turn: `current` is 0 until it has come. */
export const WAITING_PHASE = 'waiting'

/** Hears how many lines a step has done so far. */
export type LinesDone = (count: number) => void

/** Tells how far one step of a compilation is, at most once a second. What it tells never goes back. */
export function stepProgress(name: string, total: number, on: Listener): LinesDone {
  let toldAt = performance.now()
  let current = 0
  return (count) => {
    current = Math.max(current, Math.min(count, total))
    const now = performance.now()
    if (now - toldAt < PROGRESS_MS) return
    toldAt = now
    on({ type: 'progress', data: { phase: PHASE, current, total, message: `${name}: ${current} of ${total} lines.` } })
  }
}
