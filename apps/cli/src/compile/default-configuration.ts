import type { Configuration } from '@headway/filters/compiler'

/** What inputs without a configuration become: the same as with the original's command, seen by running it (version 2.1.1). */
export function defaultConfiguration(inputs: readonly string[], type: 'hosts' | 'adblock'): Configuration {
  return {
    name: 'Blocklist',
    sources: inputs.map((source) => ({ source, type })),
    transformations: ['RemoveComments', 'Deduplicate', 'Compress', 'Validate', 'TrimLines', 'InsertFinalNewLine'],
  }
}
