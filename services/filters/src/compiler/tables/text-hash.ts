/** Nobody who writes a list knows these, so that nobody can write lines that fall upon one another. */
const SEED = Math.floor(Math.random() * 0x7fffffff)
const MULTIPLIER = Math.floor(Math.random() * 0x3fffffff) * 2 + 1

/** The hash of no text, from which {@link hashOn} goes on. */
export const EMPTY_HASH = SEED

/** The hash of a text with one more code unit. */
export function hashOn(hash: number, code: number): number {
  const mixed = Math.imul(hash ^ code, MULTIPLIER)
  return mixed ^ (mixed >>> 15)
}

/** The hash of a text, from its end. */
export function hashOf(text: string): number {
  let hash = EMPTY_HASH
  for (let at = text.length - 1; at >= 0; at--) hash = hashOn(hash, text.charCodeAt(at))
  return hash
}

/** A power of two with room for so many entries, at most two thirds full. */
export function tableSize(entries: number): number {
  let size = 16
  while (size < entries * 1.5) size *= 2
  return size
}
