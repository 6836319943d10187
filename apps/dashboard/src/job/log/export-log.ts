import type { RowFilter } from '../parts/row-filter.js'
import type { LogStore } from './log-store.js'

/** So many characters go to the clipboard at most; more is a matter of the download. */
export const MAX_COPIED_CHARACTERS = 8 * 1024 * 1024

/** How long lines are put together before the page gets its turn, in milliseconds. */
const SLICE_MS = 8

/** So many lines are one text. */
const LINES_OF_PART = 5000

/**
 * The lines of a log as texts to be joined, without escape sequences, each line with its time and level. Leaves the page its turns.
 *
 * @param end the line behind the last one
 * @param maxCharacters ends with the line that goes beyond it
 */
export async function textOfLog(
  store: LogStore,
  filter: RowFilter,
  { end, maxCharacters = Infinity }: { readonly end: number; readonly maxCharacters?: number },
): Promise<{ readonly parts: readonly string[]; readonly lines: number; readonly isAll: boolean }> {
  const parts: string[] = []
  let lines: string[] = []
  let characters = 0
  let taken = 0
  // By number: while the page has its turn, lines may fall out, and all places become others.
  let line = filter.rowAt(0)
  let until = performance.now() + SLICE_MS
  for (; line !== undefined && line < end && characters <= maxCharacters; line = filter.rowAt(filter.placeOf(line + 1))) {
    const text = `${new Date(store.at(line)).toISOString()} ${store.level(line).padEnd(7)} ${store.plainText(line)}\n`
    lines.push(text)
    characters += text.length
    taken += 1
    if (lines.length < LINES_OF_PART && performance.now() < until) continue
    parts.push(lines.join(''))
    lines = []
    await new Promise((resolve) => setTimeout(resolve, 0))
    filter.update()
    until = performance.now() + SLICE_MS
  }
  parts.push(lines.join(''))
  return { parts, lines: taken, isAll: line === undefined || line >= end }
}
