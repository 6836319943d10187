import type { CompareOptions, Diff } from '../compiler/index.js'
import { firstOf } from './bounded-metrics.js'
import type { DiffView } from './compile-result.js'
import type { KeptLists, TakenList } from './kept-lists.js'

/** Of the rules that came or went, so many characters of JSON are told: all of it is a part of one event. */
const MAX_EXAMPLES_CHARACTERS = 4 * 1024

/** A difference as events and results show it. */
export function diffView({ added, removed, addedExamples, removedExamples }: Diff, previousCompiledAt: string): DiffView {
  return {
    added,
    removed,
    addedExamples: firstOf(addedExamples, MAX_EXAMPLES_CHARACTERS),
    removedExamples: firstOf(removedExamples, MAX_EXAMPLES_CHARACTERS),
    previousCompiledAt,
  }
}

/**
 * How a kept list differs from the last one of its name, which it then is itself.
 *
 * @param key what the last list of its name is kept under
 */
export async function compareKept(
  { meta, textFile }: TakenList,
  key: string,
  lists: KeptLists,
  compare: (files: Pick<CompareOptions, 'textFile' | 'previousFile'>) => Promise<Diff>,
): Promise<DiffView | undefined> {
  const last = await lists.peekPrevious(key)
  if (last?.id === meta.id) return { added: 0, removed: 0, addedExamples: [], removedExamples: [], previousCompiledAt: last.compiledAt }
  const previous = await lists.takePrevious(key)
  const diff = previous && diffView(await compare({ textFile, previousFile: previous.file }), previous.compiledAt)
  await lists.keepPrevious(key, { id: meta.id, compiledAt: meta.compiledAt }, textFile)
  return diff
}
