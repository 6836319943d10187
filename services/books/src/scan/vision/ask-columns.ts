import type { Mapping } from '../../import/index.js'
import type { VisionOptions } from './vision-options.js'

/** Which column of a CSV file has what, by the header and some rows; undefined where that can't be told. @throws the signal's reason */
export type AskColumns = (
  header: readonly string[],
  samples: readonly (readonly string[])[],
  signal?: AbortSignal,
) => Promise<Mapping | undefined>

/** Asks the vision provider for the columns that nobody can recognise. An answer that can't be had is none: the file is refused as it would be. */
export function askColumns(options: VisionOptions): AskColumns {
  return async (header, samples, signal) => {
    // Loaded only where somebody asks: it is large.
    const { createGemini } = await import('./gemini.js')
    try {
      return await createGemini(options).nameColumns(header, samples, signal)
    } catch {
      signal?.throwIfAborted()
      return undefined
    }
  }
}
