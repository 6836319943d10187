/** What a compilation may use. Every limit is a number greater than 0. */
export interface CompileLimits {
  /** How deep `!#include` may nest. */
  readonly includeDepth: number
  /** How many `!#include` one compilation follows. */
  readonly includes: number
  /** Lines of all sources together, as they are loaded. */
  readonly totalLines: number
  /** Bytes of one source, expanded, its includes not counted. */
  readonly sourceBytes: number
  /** Bytes of all that a compilation loads, expanded. */
  readonly totalBytes: number
  /** Sources that load at the same time. */
  readonly parallelLoads: number
  /** Sources of one configuration. */
  readonly sources: number
  /** Patterns of one level, loaded ones included. */
  readonly patterns: number
  /** Characters of one pattern. */
  readonly patternLength: number
  /** How long all patterns that need backtracking may take together, in milliseconds. */
  readonly patternDeadlineMs: number
  /** Characters of an `!#if` expression. */
  readonly conditionLength: number
}

export const DEFAULT_LIMITS: CompileLimits = {
  includeDepth: 16,
  includes: 1_000,
  totalLines: 10_000_000,
  sourceBytes: 512 * 1024 * 1024,
  totalBytes: 1024 * 1024 * 1024,
  parallelLoads: 8,
  sources: 1_000,
  patterns: 200_000,
  patternLength: 10_000,
  patternDeadlineMs: 5_000,
  conditionLength: 10_000,
}

/** How many lines that came, and how many that went, a difference between two lists names; it counts all. */
export const MAX_DIFF_EXAMPLES = 100
