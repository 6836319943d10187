import { createHash } from 'node:crypto'

/**
 * A source of random numbers that is the same for the same key, on every machine (mulberry32).
 *
 * @param {string} key
 * @returns {() => number} from 0 up to, and without, 1
 */
export function randomOf(key) {
  let state = createHash('sha256').update(key).digest().readUInt32LE()
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/** A number of the standard normal distribution (Box and Muller). */
export function normal(random) {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
}

export function pick(random, items) {
  return items[Math.floor(random() * items.length)]
}
