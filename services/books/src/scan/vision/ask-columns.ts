import type { AskColumns } from '../../import/index.js'
import type { VisionOptions } from './vision-options.js'

/**
 * Asks the vision provider for the columns that nobody can recognise. An answer that can't be had is none: the file is refused as it would be. Only
 * the signal's reason is thrown.
 */
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
