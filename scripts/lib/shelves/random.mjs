/** The same numbers for the same seed, so that shelves can be drawn again. */
export function randomOf(seed) {
  let state = seed >>> 0
  const next = () => {
    // mulberry32, Tommy Ettinger, public domain.
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  const between = (low, high) => low + next() * (high - low)
  return {
    between,
    whole: (low, high) => Math.floor(between(low, high + 1)),
    chance: (share) => next() < share,
    pick: (items) => items[Math.floor(next() * items.length)],
    /** `count` of them, none twice. */
    sample: (items, count) => {
      const left = [...items]
      return Array.from({ length: Math.min(count, left.length) }, () => left.splice(Math.floor(next() * left.length), 1)[0])
    },
  }
}
