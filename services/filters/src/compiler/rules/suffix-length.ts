const DOT = 46
const HYPHEN = 45
const LETTERS = 26
const LETTER_A = 97
/** Labels of this length are those of countries. */
const COUNTRY = 2

/** The generic top-level domains with public suffixes below them. */
const GENERIC_WITH_SUFFIXES: ReadonlySet<string> = new Set(['aero', 'arpa', 'int', 'pro'])
/** What the public suffixes below a country's domain have at most before `.cc`, in characters. */
const LONGEST = 6
/** The countries that have longer ones. */
const LONGER: readonly (readonly [length: number, countries: string])[] = [
  [7, 'am cy tn za'],
  [8, 'hu in ve'],
  [9, 'id kr st'],
  [10, 'cn'],
  [11, 'bj hk km'],
  [12, 'au nz'],
  [13, 'bo us'],
  [15, 'ci ir pl se ua'],
  [16, 'fr'],
  [17, 'vn'],
  [25, 'it'],
  [35, 'no'],
  // These have wildcards (`*.ck`), which stand for any length.
  [255, 'br ck er fk jm jp mm np pg uk'],
]
/** Of each country the length of its longest suffix, by the two letters of its domain. */
const LONGEST_OF = new Uint8Array(LETTERS * LETTERS).fill(LONGEST)
for (const [length, countries] of LONGER) for (const country of countries.split(' ')) LONGEST_OF[countryAt(country, 0)] = length

function countryAt(text: string, at: number): number {
  return (text.charCodeAt(at) - LETTER_A) * LETTERS + text.charCodeAt(at + 1) - LETTER_A
}

/**
 * True for a name that can't be a public suffix of ICANN: one below a generic top-level domain such as `com` or `site`, which have none
 * below them but for {@link GENERIC_WITH_SUFFIXES}, and one that is longer than every suffix of its country. This saves most look-ups, and
 * test/compiler holds it against the library's list.
 *
 * @param text from `from` to `to` it is what `isPlainName` says yes to
 */
export function isBelowSuffixes(text: string, from: number, to: number): boolean {
  let dot = to - 1
  for (; dot > from; dot--) {
    const code = text.charCodeAt(dot)
    // Domains in other alphabets (`xn--p1ai`) are looked up.
    if (code === HYPHEN) return false
    if (code === DOT) break
  }
  if (dot === from) return false
  const top = dot + 1
  const length = to - top
  if (length === COUNTRY) return dot - from > (LONGEST_OF[countryAt(text, top)] ?? Infinity)
  return length > 4 || (length > COUNTRY && !GENERIC_WITH_SUFFIXES.has(text.slice(top, to)))
}
