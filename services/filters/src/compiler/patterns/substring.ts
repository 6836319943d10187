import type { Matcher } from './matcher.js'
import { linearIndexOf, Needle } from './search.js'

/** Matches a line that has the pattern in it; case matters. */
export function substringMatcher(pattern: string): Matcher {
  const needle = new Needle(pattern)
  return (line) => linearIndexOf(line, needle, 0) !== -1
}
