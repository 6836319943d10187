/** Words that say little about which book it is, in the languages most catalogs have. */
const COMMON_WORDS = new Set(
  'the a an of and in to for on at by with from or is it its my his her le la les de du des un une et der die das des ein eine und von im el los las y en il lo di e'.split(
    ' ',
  ),
)

export function isCommon(word: string): boolean {
  return COMMON_WORDS.has(word)
}

/** Of a long text only so many words are looked up. */
export const MAX_WORDS = 24

/** The words to look up: those that say something, each once; all where none does. */
export function tellingWords(words: readonly string[]): string[] {
  const telling = words.filter((word) => (word.length > 1 || isDigit(word)) && !isCommon(word))
  return [...new Set(telling.length > 0 ? telling : words)].slice(0, MAX_WORDS)
}

/** Numbers of volumes say which one. */
function isDigit(word: string): boolean {
  return /^\d$/.test(word)
}

/** Folded words have letters and digits only, so nothing in them means anything to FTS5 but between quotes it can't. */
export function quoted(word: string): string {
  return `"${word}"`
}

/** Every word (`and`), or any of them. @param column of `words`; undefined for all */
export function wordQuery(words: readonly string[], how: 'and' | 'or', column?: string): string {
  const joined = words.map(quoted).join(how === 'and' ? ' AND ' : ' OR ')
  return column === undefined ? joined : `${column} : (${joined})`
}

/** Of a long title only so many trigrams are looked up. */
const MAX_TRIGRAMS = 40

/** The groups of three letters in a folded text; none where it is too short to have one. */
export function trigramsOf(folded: string): string[] {
  const groups = new Set<string>()
  for (let start = 0; start + 3 <= folded.length && groups.size < MAX_TRIGRAMS; start++) {
    const group = folded.slice(start, start + 3)
    // Those across a space are what misread spaces get wrong.
    if (!group.includes(' ')) groups.add(group)
  }
  return [...groups]
}

/** Any two of these terms together. */
export function pairQuery(terms: readonly string[]): string {
  return terms.flatMap((term, place) => terms.slice(place + 1).map((other) => `(${term} AND ${other})`)).join(' OR ')
}
