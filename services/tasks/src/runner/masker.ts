import type { Json } from '@headway/protocol'
import { characterEnd } from './text.js'

const MASK = '***'

/** Parts of a secret of several lines are masked alone when they are at least so long, in UTF-16 units. */
const MIN_PART_UNITS = 4

/** Finds secrets in text and puts `***` in their place. */
export class Masker {
  /** The length of the longest text that is masked, in UTF-16 units; at least 1. */
  readonly longest: number
  readonly #pattern: RegExp | undefined

  /** @param secrets the values; each is found as it is, as encoders write it inside a JSON string, and by its lines */
  constructor(secrets: readonly string[]) {
    const texts = new Set<string>()
    for (const secret of secrets) {
      if (secret === '') continue
      const parts = secret.split(/[\r\n]+/).filter((part) => part.length >= MIN_PART_UNITS)
      for (const text of [secret, ...parts]) {
        for (const form of [text, ...jsonForms(text)]) texts.add(form)
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

  /** The same for every text in a value, names of members among them: reading JSON brings out what its escapes have hidden. */
  maskJson(value: Json): Json {
    if (this.#pattern === undefined) return value
    if (typeof value === 'string') return this.mask(value)
    if (Array.isArray(value)) return value.map((item: Json) => this.maskJson(item))
    if (typeof value !== 'object' || value === null) return value
    return Object.fromEntries(Object.entries(value).map(([key, member]) => [this.mask(key), this.maskJson(member as Json)]))
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

/** A text as JSON encoders write it: as JavaScript's, with escapes for all that is not ASCII, for HTML (Go), or for slashes (PHP). */
function jsonForms(text: string): string[] {
  const plain = JSON.stringify(text).slice(1, -1)
  const ascii = plain.replaceAll(/[^ -~]/g, (unit) => unicodeEscape(unit))
  const bigAscii = plain.replaceAll(/[^ -~]/g, (unit) => unicodeEscape(unit, 'upper'))
  const html = plain.replaceAll(/[<>&\u2028\u2029]/g, (unit) => unicodeEscape(unit))
  return [plain, ascii, bigAscii, html, ...[plain, ascii].map((form) => form.replaceAll('/', '\\/'))]
}

function unicodeEscape(unit: string, hex: 'lower' | 'upper' = 'lower'): string {
  const digits = unit.charCodeAt(0).toString(16).padStart(4, '0')
  return `\\u${hex === 'upper' ? digits.toUpperCase() : digits}`
}

function escape(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|/]/g, '\\$&')
}
