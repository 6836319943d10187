import { nameSchema } from '@headway/server'
import { z } from 'zod'
import { TRANSFORMATION_NAMES } from '../compiler/index.js'

/**
 * A configuration as the API descriptions show it. What a client sends is checked by the compiler itself (`checkedConfigurationSchema`), which
 * knows more: that only one of the Validate family may be used at one level, for example.
 */
const patterns = z.array(z.string())

const level = {
  transformations: z.array(z.enum(TRANSFORMATION_NAMES)).optional().describe('They run in an order of their own, whatever the order here'),
  exclusions: patterns
    .optional()
    .describe('Rules that match one of these are left out: a substring, a wildcard (`*`) or a `/regular expression/`'),
  exclusions_sources: z.array(z.string()).optional().describe('Files with more exclusions, one on a line'),
  inclusions: patterns.optional().describe('Only rules that match one of these are kept'),
  inclusions_sources: z.array(z.string()).optional().describe('Files with more inclusions, one on a line'),
}

export const sourceSchema = z.strictObject({
  source: z.string().min(1).describe('A URL, a key of `preFetchedContent`, or a path where the server allows them'),
  name: z.string().optional().describe('For the header of the list and for events'),
  type: z.enum(['adblock', 'hosts']).optional().describe('Changes nothing; kept for configurations that have it'),
  ...level,
})

export const configurationSchema = z.strictObject({
  name: z.string().min(1),
  description: z.string().optional(),
  homepage: z.string().optional(),
  license: z.string().optional(),
  version: z.string().optional(),
  sources: z.array(sourceSchema).min(1),
  ...level,
})

export const EXAMPLE_CONFIGURATION = {
  name: 'My Filter List',
  sources: [
    { name: 'Ads', source: 'https://example.com/filters.txt', transformations: ['RemoveComments', 'Validate'] },
    { name: 'Hosts', source: 'hosts.txt', type: 'hosts' },
  ],
  transformations: ['Compress', 'Deduplicate', 'RemoveEmptyLines'],
  exclusions: ['*.good.example*'],
}

nameSchema('FilterSource', sourceSchema)
nameSchema('FilterConfiguration', configurationSchema, {
  description: "What to compile: AdGuard HostlistCompiler's configuration",
  example: EXAMPLE_CONFIGURATION,
})
