import { CompileError } from './compile-error.js'
import type { Compilation, CompileOptions } from './compile-options.js'
import type { Configuration } from './configuration/types.js'

/**
 * Compiles a list.
 *
 * @throws CompileError with a stable code; the reason of `options.signal` when it is aborted
 */
export async function compile(_configuration: Configuration, _options: CompileOptions = {}): Promise<Compilation> {
  await Promise.resolve()
  throw new CompileError('NOT_READY', 'Being written.')
}
