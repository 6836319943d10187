import { characterEnd } from './text.js'

const MASK = '***'

/** Parts of a secret of several lines are masked alone when they are at least so long, in UTF-16 units. */
const MIN_PART_UNITS = 4

/** Finds secrets in text and puts `***` in their place. */
export class Masker {
  /** The length of the longest text that is masked, in UTF-16 units; at least 1. */
  readonly longest: number
  readonly #pattern: RegExp | undefined

  /** @param secrets the values; each is found as it is, as it looks inside a JSON string, and by its lines */
  constructor(secrets: readonly string[]) {
    const texts = new Set<string>()
    for (const secret of secrets) {
      if (secret === '') continue
      const parts = secret.split(/[\r\n]+/).filter((part) => part.length >= MIN_PART_UNITS)
      for (const text of [secret, ...parts]) {
        texts.add(text)
        texts.add(JSON.stringify(text).slice(1, -1))
      }
    }
    // The longer one first: where one secret begins with another, nothing of it may stay.
    const sorted = [...texts].sort((a, b) => b.length - a.length)
    this.longest = sorted[0]?.length ?? 1
    this.#pattern = sorted.length === 0 ? undefined : new RegExp(sorted.map(escape).join('|'), 'g')
  }

  mask(text: string): string {
    return this.#pattern === undefined ? text : text.replace(this.#pattern, MASK)
  }

  /**
   * Where a text can be cut so that no secret and no character is divided: at `at`, or a little before. The text must go on for
   * `longest` units after `at`.
   */
  safeCut(text: string, at: number): number {
    let cut = at
    for (const match of this.#pattern === undefined ? [] : text.matchAll(this.#pattern)) {
      if (match.index >= at) break
      const end = match.index + match[0].length
      if (end > at) cut = match.index > 0 ? match.index : end
    }
    return characterEnd(text, cut)
  }
}

function escape(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|/]/g, '\\$&')
}
