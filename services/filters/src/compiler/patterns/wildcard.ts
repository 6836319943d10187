import { fold } from './fold.js'
import type { Matcher } from './matcher.js'
import { linearIndexOf, Needle } from './search.js'

/**
 * Matches the whole line in any case; `*` stands for anything. Greedy from the left: each part is taken where it is first found, which is
 * right because `*` takes whatever lies between, and takes linear time. Lines are given with their case taken away already, by `fold`: once
 * for all patterns.
 */
export function wildcardMatcher(pattern: string): Matcher {
  const parts = fold(pattern).split('*')
  const first = parts[0] as string
  const last = parts.at(-1) as string
  const middle = parts
    .slice(1, -1)
    .filter((part) => part !== '')
    .map((part) => new Needle(part))
  const shortest = parts.reduce((sum, part) => sum + part.length, 0)
  return (text) => {
    if (text.length < shortest) return false
    if (!text.startsWith(first) || !text.endsWith(last)) return false
    const end = text.length - last.length
    let at = first.length
    for (const needle of middle) {
      const found = linearIndexOf(text, needle, at)
      if (found === -1) return false
      at = found + needle.text.length
      if (at > end) return false
    }
    return true
  }
}
