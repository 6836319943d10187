import type { DownloaderOptions } from '../download/options.js'
import type { CompileLimits } from './limits.js'
import type { Listener, Load } from './types.js'

/** How to compile; everything has a default. */
export interface CompileOptions {
  /** Hears what happens, while it happens. */
  readonly on?: Listener
  /**
   * Ends the compilation, which then rejects with the signal's reason, as `fetch` and Node do: what was given to `abort`, else a DOMException
   * (`AbortError`, whose `code` is the number 20). It is no CompileError.
   */
  readonly signal?: AbortSignal
  /** What the compilation may take, in milliseconds, pauses not counted; then it rejects with COMPILATION_TIMEOUT. 10 minutes by default. */
  readonly timeoutMs?: number
  /** Gets URLs and paths. By default files of `localFolder`, and for URLs the downloader of this package. */
  readonly load?: Load
  /** How URLs are downloaded where no `load` is given; see `createDownloader`. */
  readonly download?: DownloaderOptions
  /** The one folder whose files sources may name. Without it (and without `load`) a path is refused. */
  readonly localFolder?: string
  /** Texts that stand for sources, by their name in the configuration: these are not loaded. */
  readonly preFetched?: Readonly<Record<string, string>>
  /** Whether a source that can't be loaded fails the compilation (the default) or is left out. */
  readonly onSourceError?: 'fail' | 'skip'
  /** Adds `metrics.transformationMetrics`. */
  readonly benchmark?: boolean
  /** Called between pieces of work of about 50 ms at most; the work goes on when it has resolved. */
  readonly pausePoint?: () => Promise<void> | void
  /** Limits other than the default ones. */
  readonly limits?: Partial<CompileLimits>
}

/** What became of one source. */
export interface SourceMetrics {
  readonly name: string
  readonly source: string
  /** Lines as loaded, includes put in. */
  readonly loadedCount: number
  /** Lines after the source's own transformations. */
  readonly ruleCount: number
  /** Bytes loaded, includes not counted. */
  readonly bytes: number
  readonly durationMs: number
  /** True when the last good copy stands in for a source that failed. */
  readonly stale?: boolean
  /** Why a source was left out. */
  readonly error?: string
}

/** What one transformation did; counts are lines. `source` is absent at the top level. */
export interface TransformationMetrics {
  readonly name: string
  readonly source?: string
  readonly sourceIndex?: number
  readonly inputCount: number
  readonly outputCount: number
  readonly durationMs: number
}

export interface CompileMetrics {
  readonly totalDurationMs: number
  readonly sourceCount: number
  /** Lines of the output. */
  readonly ruleCount: number
  readonly sources: readonly SourceMetrics[]
  readonly transformationMetrics?: readonly TransformationMetrics[]
}

/** What one source's content was: `sha256` in hex, of the bytes that were loaded; includes and pattern files are listed too. */
export interface SourceHash {
  readonly source: string
  readonly sha256: string
}

/** What a compilation gives besides the rules themselves. */
export interface CompilationSummary {
  /** Lines of the output, header included. */
  readonly ruleCount: number
  readonly metrics: CompileMetrics
  /** Every content that was read (sources, includes, pattern files), each once, in the order of its name. */
  readonly sourceHashes: readonly SourceHash[]
}

/** A compiled list. */
export interface Compilation extends CompilationSummary {
  /** The lines of the output; joined with a line feed they are the file. */
  readonly rules: readonly string[]
}
