import { readFileSync } from 'node:fs'
import { parentPort, workerData } from 'node:worker_threads'
import type { Diff } from '../compiler/index.js'
import type { ComparedLists } from './compare-lists.js'

/** The thread that compares two lists. Comments don't count: the header has the time in it. */
const MAX_EXAMPLES = 1000

function diffOf({ textFile, previousFile }: ComparedLists): Diff {
  const rules = rulesOf(textFile)
  const before = rulesOf(previousFile)
  const added = without(rules, before)
  const removed = without(before, rules)
  return {
    added: added.length,
    removed: removed.length,
    addedExamples: added.slice(0, MAX_EXAMPLES),
    removedExamples: removed.slice(0, MAX_EXAMPLES),
  }
}

function rulesOf(file: string): string[] {
  return readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('!'))
}

/** Those lines of `rules` that `others` does not have, or not so often. */
function without(rules: readonly string[], others: readonly string[]): string[] {
  const counts = new Map<string, number>()
  for (const rule of others) counts.set(rule, (counts.get(rule) ?? 0) + 1)
  return rules.filter((rule) => {
    const left = counts.get(rule) ?? 0
    if (left > 0) counts.set(rule, left - 1)
    return left === 0
  })
}

parentPort?.postMessage(diffOf(workerData as ComparedLists))
