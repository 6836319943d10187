import { isComment } from '../rules/comment.js'
import { filterLines } from './transformation.js'
import type { Steps } from './transformation.js'

/** Drops every comment. */
export function removeComments(lines: string[]): Steps {
  return filterLines(lines, (line) => !isComment(line))
}
