/** Says whether a line matches. */
export type Matcher = (line: string) => boolean

/** What a pattern is, by its form (filters-semantics.md, "Patterns"). */
export type PatternKind = 'substring' | 'wildcard' | 'regex'

export function kindOf(pattern: string): PatternKind {
  if (pattern.length > 2 && pattern.startsWith('/') && pattern.endsWith('/')) return 'regex'
  return pattern.includes('*') ? 'wildcard' : 'substring'
}
