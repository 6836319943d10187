import { isComment } from '../rules/comment.js'
import { isBlank } from '../rules/white-space.js'

/** Inline and loaded patterns together, without repeats and empty ones; loaded lines may be blank or comments. */
export function joinPatterns(inline: readonly string[], loaded: readonly string[]): string[] {
  const patterns = new Set(inline)
  for (const line of loaded) if (!isBlank(line) && !isComment(line)) patterns.add(line)
  patterns.delete('')
  return [...patterns]
}
