import { mapLines } from './transformation.js'
import type { Steps } from './transformation.js'

const TAB = 9
const SPACE = 32
const FIRST_COMBINING = 0x300
const JOINER = 0x200d

/**
 * Removes spaces and tabs at both ends of every line; other white space stays. As in the reference a space that makes one symbol with a mark
 * after it, or with a joiner before it, is no space.
 */
export function trimLines(lines: string[]): Steps {
  return mapLines(lines, trimLine)
}

function trimLine(line: string): string {
  let from = 0
  let to = line.length
  while (from < to && isSpaceOrTab(line.charCodeAt(from)) && !isMark(line, from + 1)) from++
  while (to > from && isSpaceOrTab(line.charCodeAt(to - 1)) && line.charCodeAt(to - 2) !== JOINER) to--
  return to - from === line.length ? line : line.slice(from, to)
}

function isSpaceOrTab(code: number): boolean {
  return code === SPACE || code === TAB
}

/** Combining marks, variation selectors, joiners and skin tones: what makes one symbol with the character before it. */
const MARK = /[\u0300-\u036f\u20d0-\u20ff\ufe20-\ufe2f\ufe0e\ufe0f]|\u200d|[\u{1f3fb}-\u{1f3ff}]/uy

function isMark(line: string, at: number): boolean {
  if (!(line.charCodeAt(at) >= FIRST_COMBINING)) return false
  MARK.lastIndex = at
  return MARK.test(line)
}
