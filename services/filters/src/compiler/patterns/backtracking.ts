import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { CompileError } from '../compile-error.js'
import type { BacktrackingBudget } from './backtracking-budget.js'

const LINES_PER_MESSAGE = 4_096
const THREAD_HEAP_MB = 256

/** What the thread says of the lines of one message. */
export interface Backtracked {
  /** 1 for each line that a pattern matches. */
  readonly found: Uint8Array
  /** What it took, in milliseconds. */
  readonly durationMs: number
}

/**
 * Marks in `found` the lines that one of the patterns matches. They run in a thread of their own, because nobody can say how long they
 * take; when the budget is used up it is ended.
 *
 * @throws CompileError PATTERN_TIMEOUT, OUT_OF_MEMORY
 */
export function matchBacktracking(
  sources: readonly string[],
  lines: readonly string[],
  found: Uint8Array,
  budget: BacktrackingBudget,
  signal: AbortSignal,
): Promise<void> {
  return budget.alone(async () => {
    signal.throwIfAborted()
    const thread = new Worker(new URL('./backtracking-thread.js', import.meta.url), {
      workerData: { sources },
      resourceLimits: { maxOldGenerationSizeMb: THREAD_HEAP_MB },
    })
    const tooLate = timeout(sources, budget.totalMs)
    try {
      await once(thread, 'online', { signal })
      for (let from = 0; from < lines.length; from += LINES_PER_MESSAGE) {
        if (budget.leftMs <= 0) throw tooLate
        thread.postMessage(lines.slice(from, from + LINES_PER_MESSAGE).join('\n'))
        const answer = await answerOf(thread, budget.leftMs, tooLate, signal)
        budget.spend(answer.durationMs)
        for (let i = 0; i < answer.found.length; i++) if (answer.found[i] === 1) found[from + i] = 1
      }
    } catch (error) {
      signal.throwIfAborted()
      throw outOfMemory(error) ?? error
    } finally {
      await thread.terminate()
    }
  })
}

async function answerOf(thread: Worker, leftMs: number, tooLate: CompileError, signal: AbortSignal): Promise<Backtracked> {
  const late = new AbortController()
  // An answer that came while this thread was busy, or stood still, is heard before its lateness.
  const timer = setTimeout(() => setImmediate(() => late.abort(tooLate)), leftMs)
  try {
    const [answer] = (await once(thread, 'message', { signal: AbortSignal.any([signal, late.signal]) })) as [Backtracked]
    return answer
  } catch (error) {
    late.signal.throwIfAborted()
    throw error
  } finally {
    clearTimeout(timer)
  }
}

function timeout(sources: readonly string[], totalMs: number): CompileError {
  const shown = sources.map((source) => `/${source}/`).join(', ')
  const message = `Patterns with look-around or back-references took longer than ${totalMs} ms: ${shown.slice(0, 300)}. Write them without.`
  return new CompileError('PATTERN_TIMEOUT', message)
}

function outOfMemory(error: unknown): CompileError | undefined {
  if ((error as NodeJS.ErrnoException).code !== 'ERR_WORKER_OUT_OF_MEMORY') return undefined
  const message = `Patterns with look-around or back-references need more than the allowed ${THREAD_HEAP_MB} MiB of memory. Write them without.`
  return new CompileError('OUT_OF_MEMORY', message, { cause: error })
}
