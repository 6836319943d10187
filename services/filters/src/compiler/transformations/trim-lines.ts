import { mapLines } from './transformation.js'
import type { Steps } from './transformation.js'

const TAB = 9
const SPACE = 32

/** Removes spaces and tabs at both ends of every line; other white space stays. */
export function trimLines(lines: string[]): Steps {
  return mapLines(lines, trimLine)
}

function trimLine(line: string): string {
  let from = 0
  let to = line.length
  while (from < to && isSpaceOrTab(line.charCodeAt(from))) from++
  while (to > from && isSpaceOrTab(line.charCodeAt(to - 1))) to--
  return to - from === line.length ? line : line.slice(from, to)
}

function isSpaceOrTab(code: number): boolean {
  return code === SPACE || code === TAB
}
