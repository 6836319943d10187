import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { CompileError } from '../compile-error.js'

const LINES_PER_MESSAGE = 4_096
const THREAD_HEAP_MB = 256

/**
 * Marks in `found` the lines that one of the patterns matches. They run in a thread of their own, because nobody can say how long they
 * take; when the deadline (milliseconds for all lines together) has passed it is ended.
 *
 * @throws CompileError PATTERN_TIMEOUT
 */
export async function matchBacktracking(
  sources: readonly string[],
  lines: readonly string[],
  found: Uint8Array,
  deadlineMs: number,
  signal: AbortSignal,
): Promise<void> {
  const thread = new Worker(new URL('./backtracking-thread.js', import.meta.url), {
    workerData: { sources },
    resourceLimits: { maxOldGenerationSizeMb: THREAD_HEAP_MB },
  })
  const late = AbortSignal.timeout(deadlineMs)
  const stop = AbortSignal.any([signal, late])
  try {
    for (let from = 0; from < lines.length; from += LINES_PER_MESSAGE) {
      thread.postMessage(lines.slice(from, from + LINES_PER_MESSAGE).join('\n'))
      const [answer] = (await once(thread, 'message', { signal: stop })) as [Uint8Array]
      for (let i = 0; i < answer.length; i++) if (answer[i] === 1) found[from + i] = 1
    }
  } catch (error) {
    signal.throwIfAborted()
    if (!late.aborted) throw error
    const shown = sources.map((source) => `/${source}/`).join(', ')
    const message = `Patterns with look-around or back-references took longer than ${deadlineMs} ms: ${shown.slice(0, 300)}. Write them without.`
    throw new CompileError('PATTERN_TIMEOUT', message, { cause: error })
  } finally {
    await thread.terminate()
  }
}
