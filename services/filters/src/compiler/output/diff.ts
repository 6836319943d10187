import { readFile } from 'node:fs/promises'
import { MAX_DIFF_EXAMPLES } from '../limits.js'
import { isComment } from '../rules/comment.js'
import type { Diff } from '../worker/types.js'

const MAX_EXAMPLE_LENGTH = 500

/** Which rules a list has that the previous one (a file of plain text) has not, and the other way round. */
export async function diffToFile(rules: readonly string[], previousFile: string): Promise<Diff> {
  const previous = await readRules(previousFile)
  const gone = new Set<string>()
  for (const line of previous) if (isRule(line)) gone.add(line)
  const seen = new Set<string>()
  const added = new Examples()
  for (const line of rules) {
    if (!isRule(line) || seen.has(line)) continue
    seen.add(line)
    if (!gone.delete(line)) added.add(line)
  }
  const removed = new Examples()
  for (const line of gone) removed.add(line)
  return { added: added.count, removed: removed.count, addedExamples: added.lines, removedExamples: removed.lines }
}

/** The lines of a file of plain text. */
export async function readRules(file: string): Promise<string[]> {
  return (await readFile(file, 'utf8')).split('\n')
}

function isRule(line: string): boolean {
  return line !== '' && !isComment(line)
}

/** Counts lines and keeps the first ones. */
class Examples {
  readonly lines: string[] = []
  count = 0

  add(line: string): void {
    this.count++
    if (this.lines.length < MAX_DIFF_EXAMPLES)
      this.lines.push(line.length > MAX_EXAMPLE_LENGTH ? `${line.slice(0, MAX_EXAMPLE_LENGTH)}...` : line)
  }
}
