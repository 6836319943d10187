/** Whether a line of a compilation's log is news, a doubt or a failure. */
export type LogLevel = 'info' | 'warn' | 'error' | 'debug'

/** What a diagnostic is about, as filters.md lists it. */
export type DiagnosticCategory =
  | 'compilation'
  | 'download'
  | 'transformation'
  | 'cache'
  | 'validation'
  | 'network'
  | 'performance'
  | 'error'

/** How serious a diagnostic is. */
export type Severity = 'trace' | 'debug' | 'info' | 'warn' | 'error'

/** One source as events name it. */
export interface SourceName {
  readonly name: string
  readonly source: string
}

/** What `source:*` events carry: place in the configured order (from 0) and how many sources there are. */
export interface SourceProgress {
  readonly source: SourceName
  readonly sourceIndex: number
  readonly totalSources: number
  readonly ruleCount?: number
  readonly durationMs?: number
  readonly error?: string
}

/** What `transformation:*` events carry; counts are lines. */
export interface TransformationProgress {
  readonly name: string
  readonly inputCount: number
  readonly outputCount?: number
  readonly durationMs?: number
}

/** Something that an engineer may want to know; `metadata` is small and without secrets. */
export interface Diagnostic {
  readonly eventId: string
  readonly timestamp: string
  readonly category: DiagnosticCategory
  readonly severity: Severity
  readonly message: string
  readonly correlationId?: string
  readonly metadata?: Readonly<Record<string, string | number | boolean | null>>
}

/** What happens during a compilation, as filters.md names it on the wire. Sizes are bytes, durations milliseconds. */
export type CompileEvent =
  | { readonly type: 'log'; readonly data: { readonly level: LogLevel; readonly message: string } }
  | { readonly type: 'source:start' | 'source:complete' | 'source:error'; readonly data: SourceProgress }
  | { readonly type: 'transformation:start' | 'transformation:complete'; readonly data: TransformationProgress }
  | {
      readonly type: 'progress'
      readonly data: { readonly phase: string; readonly current: number; readonly total: number; readonly message: string }
    }
  | { readonly type: 'diagnostic'; readonly data: Diagnostic }
  | {
      readonly type: 'cache'
      readonly data: {
        readonly eventId: string
        readonly category: 'cache'
        readonly operation: 'hit' | 'miss' | 'write' | 'evict'
        /** The SHA-256 of what it is kept under, in hex: a key may hold a secret. */
        readonly key: string
        readonly size?: number
      }
    }
  | {
      readonly type: 'network'
      readonly data: {
        readonly method: string
        /** Without credentials and without the values of its query. */
        readonly url: string
        readonly statusCode?: number
        readonly durationMs?: number
        readonly responseSize?: number
      }
    }
  | {
      readonly type: 'metric'
      readonly data: {
        readonly metric: string
        readonly value: number
        readonly unit: string
        readonly dimensions?: Readonly<Record<string, string>>
      }
    }

/** Hears the events of a compilation, in their order, while it runs. */
export type Listener = (event: CompileEvent) => void

/** A source's content. */
export interface Loaded {
  /** The expanded content, as it was served; UTF-8. */
  readonly bytes: Uint8Array
  /** SHA-256 of `bytes`, in hex. */
  readonly sha256: string
  /** Where redirects ended: what includes are relative to. */
  readonly finalUrl?: string
  /** True when the source failed and its last good copy stands in for it. */
  readonly stale?: boolean
}

/** Gets a source's content from a URL or a path. Rejects with a {@link CompileError}. */
export type Load = (source: string, context: { readonly signal: AbortSignal; readonly on: Listener }) => Promise<Loaded>
