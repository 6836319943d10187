import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { CompileError } from '../compile-error.js'
import type { LinesDone } from '../step-progress.js'
import type { BacktrackingBudget } from './backtracking-budget.js'

const LINES_PER_MESSAGE = 4_096
const THREAD_HEAP_MB = 256
/** So many patterns are named in an error, each with so many characters. */
const MAX_SHOWN = 3
const MAX_SHOWN_LENGTH = 100

/** A regular expression that the engine of linear time does not take. */
export interface BacktrackingPattern {
  readonly source: string
  /** A sentence. */
  readonly why: string
}

/** What the thread says of the lines of one message. */
export interface Backtracked {
  /** 1 for each line that a pattern matches. */
  readonly found: Uint8Array
  /** What it took, in milliseconds. */
  readonly durationMs: number
}

export interface BacktrackingMeans {
  readonly budget: BacktrackingBudget
  readonly signal: AbortSignal
  readonly done: LinesDone
}

/**
 * Marks in `found` the lines that one of the patterns matches. They run in a thread of their own, because nobody can say how long they
 * take; when the budget is used up it is ended.
 *
 * @throws CompileError PATTERN_TIMEOUT, OUT_OF_MEMORY
 */
export function matchBacktracking(
  patterns: readonly BacktrackingPattern[],
  lines: readonly string[],
  found: Uint8Array,
  { budget, signal, done }: BacktrackingMeans,
): Promise<void> {
  return budget.alone(async () => {
    signal.throwIfAborted()
    const thread = new Worker(new URL('./backtracking-thread.js', import.meta.url), {
      workerData: { sources: patterns.map(({ source }) => source) },
      resourceLimits: { maxOldGenerationSizeMb: THREAD_HEAP_MB },
    })
    const tooLate = timeout(patterns, budget.totalMs)
    try {
      await once(thread, 'online', { signal })
      for (let from = 0; from < lines.length; from += LINES_PER_MESSAGE) {
        if (budget.leftMs <= 0) throw tooLate
        thread.postMessage(lines.slice(from, from + LINES_PER_MESSAGE).join('\n'))
        const answer = await answerOf(thread, budget.leftMs, tooLate, signal)
        budget.spend(answer.durationMs)
        for (let i = 0; i < answer.found.length; i++) if (answer.found[i] === 1) found[from + i] = 1
        done(from + answer.found.length)
      }
    } catch (error) {
      signal.throwIfAborted()
      throw outOfMemory(patterns, error) ?? error
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

function timeout(patterns: readonly BacktrackingPattern[], totalMs: number): CompileError {
  return new CompileError('PATTERN_TIMEOUT', `${subject(patterns)} took longer than ${totalMs} ms. ${ADVICE}`)
}

function outOfMemory(patterns: readonly BacktrackingPattern[], error: unknown): CompileError | undefined {
  if ((error as NodeJS.ErrnoException).code !== 'ERR_WORKER_OUT_OF_MEMORY') return undefined
  const message = `${subject(patterns)} need more than the allowed ${THREAD_HEAP_MB} MiB of memory. ${ADVICE}`
  return new CompileError('OUT_OF_MEMORY', message, { cause: error })
}

const ADVICE = 'Write them without look-around and back-references, and with fewer repetitions.'

/** Which patterns they are, each with what keeps it from linear time. */
function subject(patterns: readonly BacktrackingPattern[]): string {
  const shown = patterns.slice(0, MAX_SHOWN).map(({ source, why }) => {
    const pattern = source.length > MAX_SHOWN_LENGTH ? `${source.slice(0, MAX_SHOWN_LENGTH)}...` : source
    return `/${pattern}/ (${why.replace(/^It/u, 'it').replace(/\.$/u, '')})`
  })
  const more = patterns.length > MAX_SHOWN ? ` and ${patterns.length - MAX_SHOWN} more` : ''
  return `Patterns that can't be matched in linear time, ${shown.join(', ')}${more},`
}
