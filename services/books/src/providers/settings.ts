/** How an enricher works; times in milliseconds. */
export interface EnricherSettings {
  /** A match by title and author below this is not found, and its candidates are told. Default 0.8. */
  readonly confidenceBar: number
  /** A book whose quality is at least this is good enough: the next provider is not asked. Default 70. */
  readonly enoughQuality: number
  /** Candidates of one answer. Default 5. */
  readonly maxCandidates: number
  /** How long an answer with a book is kept. Default 30 days. */
  readonly foundTtlMs: number
  /** How long it is kept that nobody knows a book, and what was found while a provider failed. Default one day. */
  readonly notFoundTtlMs: number
  /**
   * How many answers are kept, of all that share the store. Some 2 KB each, at most 64 KB. Default 50,000.
   */
  readonly keptAnswers: number
  /** Attempts of a call after the first. Default 2. */
  readonly retries: number
  /** The bound of the first wait between attempts; it doubles each time. Default 500. */
  readonly retryMinDelayMs: number
  /** The highest bound. Default 15 s. */
  readonly retryMaxDelayMs: number
  /** A provider whose `Retry-After` is longer than this is not waited for: queries fail at once until then. Default 30 s. */
  readonly maxRetryAfterMs: number
  /** Failures of a provider in a row after which it is left alone. Default 8. */
  readonly breakerFailures: number
  /** How long it is left alone before one call tries again. Default one minute. */
  readonly breakerOpenMs: number
  /** Failures are forgotten when none follows for this long. Default 10 minutes. */
  readonly breakerMemoryMs: number
  /** How long a query waits for others that fill its batch, as long as others may come. Default one second. */
  readonly lingerMs: number
  /** Calls of one provider at a time. Default 4. */
  readonly concurrency: number
  /** Queries of one job that are under way or answered and not yet taken: a slow reader holds no more than this. Default 2000. */
  readonly inFlight: number
}

const DEFAULTS: EnricherSettings = {
  confidenceBar: 0.8,
  enoughQuality: 70,
  maxCandidates: 5,
  foundTtlMs: 30 * 24 * 60 * 60 * 1000,
  notFoundTtlMs: 24 * 60 * 60 * 1000,
  keptAnswers: 50_000,
  retries: 2,
  retryMinDelayMs: 500,
  retryMaxDelayMs: 15_000,
  maxRetryAfterMs: 30_000,
  breakerFailures: 8,
  breakerOpenMs: 60_000,
  breakerMemoryMs: 10 * 60_000,
  lingerMs: 1000,
  concurrency: 4,
  inFlight: 2000,
}

const FRACTIONS: ReadonlySet<string> = new Set(['confidenceBar'])
/** These may be 0. */
const MAY_BE_ZERO: ReadonlySet<string> = new Set([
  'enoughQuality',
  'maxCandidates',
  'retries',
  'retryMinDelayMs',
  'retryMaxDelayMs',
  'maxRetryAfterMs',
  'lingerMs',
])

/** Fills in the defaults. @throws RangeError that names a number which can't be */
export function withDefaults(given: Partial<EnricherSettings> = {}): EnricherSettings {
  const known = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as Partial<EnricherSettings>
  const settings = { ...DEFAULTS, ...known }
  for (const [name, value] of Object.entries(settings)) {
    const least = MAY_BE_ZERO.has(name) ? 0 : 1
    const fits = FRACTIONS.has(name) ? value >= 0 && value <= 1 : Number.isSafeInteger(value) && value >= least
    const rule = FRACTIONS.has(name) ? 'a number from 0 to 1' : `a whole number, ${String(least)} or more`
    if (!fits) throw new RangeError(`Providers: ${name} must be ${rule}, not ${String(value)}.`)
  }
  return settings
}
