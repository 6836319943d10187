import { distance } from 'fastest-levenshtein'

/** How alike two folded texts are, letter for letter: 0 to 1. */
export function likeness(a: string, b: string): number {
  if (a === b) return 1
  const longest = Math.max(a.length, b.length)
  return longest === 0 ? 1 : 1 - distance(a, b) / longest
}

/** Below this two words are different words. */
const SAME_WORD = 0.7
/** What a common word counts for beside a telling one of as many letters. */
const COMMON_WEIGHT = 0.2

/** How alike a word is to the most similar of others; 0 where none is near. */
export function nearest(word: string, others: readonly string[]): number {
  let best = 0
  for (const other of others) {
    if (other === word) return 1
    // Lengths alone tell that it can't be near: most pairs end here.
    if (Math.abs(other.length - word.length) > 0.3 * Math.max(other.length, word.length)) continue
    best = Math.max(best, likeness(word, other))
  }
  return best >= SAME_WORD ? best : 0
}

/** How much of these words is found among others, 0 to 1: longer words count more, common ones little. */
export function coverage(words: readonly string[], others: readonly string[], isCommon: (word: string) => boolean): number {
  let [found, all] = [0, 0]
  for (const word of words) {
    const weight = (isCommon(word) ? COMMON_WEIGHT : 1) * Math.max(2, word.length)
    all += weight
    found += weight * nearest(word, others)
  }
  return all === 0 ? 0 : found / all
}

/**
 * How well a short text is contained in a long one, wherever it begins and ends there: 1 less the letters to change over its length, 0 to 1.
 * (Sellers: the edit distance with free ends in the long text.)
 */
export function containment(short: string, long: string): number {
  if (short === '') return 0
  if (long.includes(short)) return 1
  let row = new Uint16Array(short.length + 1)
  let next = new Uint16Array(short.length + 1)
  for (let i = 0; i <= short.length; i++) row[i] = i
  let best = short.length
  for (let j = 0; j < long.length; j++) {
    const letter = long.charCodeAt(j)
    next[0] = 0
    for (let i = 1; i <= short.length; i++) {
      const change = (row[i - 1] ?? 0) + (short.charCodeAt(i - 1) === letter ? 0 : 1)
      next[i] = Math.min(change, (row[i] ?? 0) + 1, (next[i - 1] ?? 0) + 1)
    }
    best = Math.min(best, next[short.length] ?? best)
    ;[row, next] = [next, row]
  }
  return 1 - best / short.length
}
