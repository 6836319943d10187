import type { CompileLimits } from '../limits.js'

/** Where what is not pre-fetched comes from. */
export interface SourcePlaces {
  /** Whether paths may be named, and not URLs alone. */
  readonly localFiles: boolean
  /** Whether a text stands for a source, so that nothing is loaded for it. */
  readonly isPreFetched?: (source: string) => boolean
}

/** What a configuration has to keep to beside its form. */
export interface ConfigurationRules {
  /** Limits other than the default ones. */
  readonly limits?: Partial<CompileLimits> | undefined
  /** Absent: whoever loads says what it takes. */
  readonly places?: SourcePlaces | undefined
  /** False: only the form is looked at. A check of many patterns takes its time: some microseconds for each regular expression. */
  readonly content?: boolean | undefined
}
