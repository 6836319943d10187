import { isBlank } from '../rules/white-space.js'
import { filterLines } from './transformation.js'
import type { Steps } from './transformation.js'

/** Drops lines of any white space. */
export function removeEmptyLines(lines: string[]): Steps {
  return filterLines(lines, (line) => !isBlank(line))
}
