import { isComment } from '../rules/comment.js'
import { LineSet } from '../tables/line-set.js'
import { dropUpwards } from './transformation.js'
import type { Steps } from './transformation.js'

/** Of equal lines the last one stays; comments and empty lines right above a removed line go with it. */
export function deduplicate(lines: string[]): Steps {
  const seen = new LineSet(lines)
  return dropUpwards(
    lines,
    (_line, index) => !seen.add(index),
    (line) => line === '' || isComment(line),
  )
}
