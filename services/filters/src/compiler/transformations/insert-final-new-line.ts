import type { Steps } from './transformation.js'
import { isBlank } from '../rules/white-space.js'

/** Adds an empty last line where there is none. */
// oxlint-disable-next-line require-yield -- too short to give way amid it
export function* insertFinalNewLine(lines: string[]): Steps {
  const last = lines.at(-1)
  if (last === undefined || !isBlank(last)) lines.push('')
  return lines
}
