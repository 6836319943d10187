import { z } from 'zod'
import { MAX_DIFF_EXAMPLES } from '../compiler/index.js'
import { blobRefSchema } from './compile-input.js'

const count = z.int().nonnegative()
const milliseconds = z.number().nonnegative()

/** What became of one source. Sizes in bytes, durations in milliseconds. */
export const sourceMetricsSchema = z.object({
  name: z.string(),
  source: z.string(),
  loadedCount: count.describe('Lines as they were loaded, includes put in'),
  ruleCount: count.describe("Lines after the source's own transformations"),
  bytes: count,
  durationMs: milliseconds,
  stale: z.boolean().optional().describe('The source failed, and its last good copy stands in for it'),
  error: z.string().optional().describe('Why the source was left out'),
})

/** What one transformation did. Counts are lines. */
export const transformationMetricsSchema = z.object({
  name: z.string(),
  source: z.string().optional().describe('Absent at the top level'),
  sourceIndex: count.optional(),
  inputCount: count,
  outputCount: count,
  durationMs: milliseconds,
})

export const compileMetricsSchema = z.object({
  totalDurationMs: milliseconds,
  sourceCount: count,
  ruleCount: count.describe('Lines of the list, its header included'),
  sources: z.array(sourceMetricsSchema),
  sourcesOmitted: count.optional().describe('So many sources are not listed, because the figures would be too large'),
  transformationMetrics: z.array(transformationMetricsSchema).optional().describe('With `benchmark`'),
  transformationsOmitted: count.optional(),
})
export type CompileMetricsView = z.infer<typeof compileMetricsSchema>

/** What differs from the previous list of the same name. */
export const diffSchema = z.object({
  added: count,
  removed: count,
  addedExamples: z.array(z.string()).describe(`The first of them, at most ${MAX_DIFF_EXAMPLES}`),
  removedExamples: z.array(z.string()).describe(`The first of them, at most ${MAX_DIFF_EXAMPLES}`),
  previousCompiledAt: z.iso.datetime(),
})
export type DiffView = z.infer<typeof diffSchema>

/** The result of a `compile-filters` job. */
export const compileResultSchema = z.object({
  /** The rules as a JSON array of texts. */
  rules: blobRefSchema,
  ruleCount: count,
  metrics: compileMetricsSchema,
  compiledAt: z.iso.datetime(),
  /** The sources were looked at again, had not changed, and an earlier result was given. */
  cached: z.boolean(),
  diff: diffSchema.optional(),
})
export type CompileResult = z.infer<typeof compileResultSchema>

/** The event that tells of a difference to the previous list of the same name. */
export const DIFF_EVENT = 'diff'
