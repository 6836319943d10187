import type { TransformationName } from './transformation-names.js'

/** What both the whole list and each of its sources may say. */
export interface Level {
  readonly transformations?: readonly TransformationName[]
  readonly exclusions?: readonly string[]
  readonly exclusions_sources?: readonly string[]
  readonly inclusions?: readonly string[]
  readonly inclusions_sources?: readonly string[]
}

/** One list of rules that goes into the compiled one. */
export interface Source extends Level {
  /** A URL, a path inside the folder that a setting names, or a key of the pre-fetched texts. */
  readonly source: string
  readonly name?: string
  /** Changes nothing; kept for configurations that have it. */
  readonly type?: 'adblock' | 'hosts'
}

/** What to compile: AdGuard HostlistCompiler's configuration. */
export interface Configuration extends Level {
  readonly name: string
  readonly description?: string
  readonly homepage?: string
  readonly license?: string
  readonly version?: string
  readonly sources: readonly Source[]
}
