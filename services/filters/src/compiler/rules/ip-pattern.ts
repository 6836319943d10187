const ASTERISK = 42
const BAR = 124
const CARET = 94
const DOT = 46
const ZERO = 48

/** A pattern that is nothing but an IPv4 address, or the beginning of one. */
export interface IpPattern {
  /** `address`: all four parts; `subnet`: three and `.` or `.*`; `ambiguous`: would match more than anyone wants. */
  readonly kind: 'address' | 'subnet' | 'ambiguous'
  /** How the pattern is safely written; for `ambiguous` as it is. */
  readonly canonical: string
}

/** The end of a number from 0 to 255 of at most three digits at `from`; -1 when there is none. */
function octetEnd(text: string, from: number): number {
  let at = from
  let value = 0
  for (; at < text.length && at - from < 4; at++) {
    const digit = text.charCodeAt(at) - ZERO
    if (digit < 0 || digit > 9) break
    value = value * 10 + digit
  }
  return at === from || at - from > 3 || value > 255 ? -1 : at
}

/** Recognises `|` or `||`, one to four numbers, `.` or `.*`, `^` and `^|`; undefined for any other pattern. */
export function parseIpPattern(pattern: string): IpPattern | undefined {
  let bars = 0
  while (bars < 2 && pattern.charCodeAt(bars) === BAR) bars++
  let at = bars
  let octets = 0
  for (;;) {
    const end = octetEnd(pattern, at)
    if (end === -1) {
      if (octets === 0) return undefined
      at--
      break
    }
    octets++
    at = end
    if (octets === 4 || pattern.charCodeAt(at) !== DOT) break
    at++
  }
  const bodyEnd = at
  let isOpen = false
  if (pattern.charCodeAt(at) === DOT) {
    isOpen = true
    at++
    if (pattern.charCodeAt(at) === ASTERISK) at++
  }
  const openEnd = at
  const hasCaret = pattern.charCodeAt(at) === CARET
  if (hasCaret) {
    at++
    if (pattern.charCodeAt(at) === BAR) at++
  }
  if (at !== pattern.length) return undefined
  if (octets === 4 && !isOpen) return { kind: 'address', canonical: `||${pattern.slice(bars, bodyEnd)}^` }
  if (octets === 3 && isOpen && !hasCaret) return { kind: 'subnet', canonical: `||${pattern.slice(bars, openEnd)}` }
  // `1.*^` is a pattern like others for the reference.
  if (octets === 1 && bars === 0 && hasCaret) return undefined
  return { kind: 'ambiguous', canonical: pattern }
}
