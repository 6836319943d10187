/** Where the built-in search may take so many steps in the worst case, ours is used, which never takes more than linear time. */
const MAX_BUILT_IN_STEPS = 4_000_000

/** `text.indexOf(needle, from)` in linear time for every text and needle. */
export function linearIndexOf(text: string, needle: Needle, from: number): number {
  if ((text.length - from) * needle.text.length <= MAX_BUILT_IN_STEPS) return text.indexOf(needle.text, from)
  return needle.search(text, from)
}

/** A text to look for; what a linear search needs is made when it is first needed. */
export class Needle {
  readonly text: string
  #borders: Int32Array | undefined

  constructor(text: string) {
    this.text = text
  }

  /** Knuth, Morris and Pratt: no character of the text is looked at again. */
  search(text: string, from: number): number {
    const needle = this.text
    if (needle === '') return from
    const borders = (this.#borders ??= bordersOf(needle))
    let matched = 0
    for (let at = from; at < text.length; at++) {
      const code = text.charCodeAt(at)
      while (matched > 0 && needle.charCodeAt(matched) !== code) matched = borders[matched - 1] as number
      if (needle.charCodeAt(matched) === code) matched++
      if (matched === needle.length) return at - matched + 1
    }
    return -1
  }
}

/** For each beginning of a text the length of its longest proper end that is a beginning too. */
function bordersOf(text: string): Int32Array {
  const borders = new Int32Array(text.length)
  let length = 0
  for (let i = 1; i < text.length; i++) {
    while (length > 0 && text.charCodeAt(i) !== text.charCodeAt(length)) length = borders[length - 1] as number
    if (text.charCodeAt(i) === text.charCodeAt(length)) length++
    borders[i] = length
  }
  return borders
}
