import { isComment } from '../rules/comment.js'
import { dropUpwards } from './transformation.js'
import type { Steps } from './transformation.js'

/** Of equal lines the last one stays; comments and empty lines right above a removed line go with it. */
export function deduplicate(lines: string[]): Steps {
  const seen = new Set<string>()
  return dropUpwards(
    lines,
    (line) => {
      const before = seen.size
      seen.add(line)
      return seen.size === before
    },
    (line) => line === '' || isComment(line),
  )
}
