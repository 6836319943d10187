import type { Mapping } from '../columns/mapping.js'
import type { InspectedLibrary } from '../inspected.js'
import type { ImportError, ImportErrorCode } from '../import-error.js'
import type { InspectOptions } from '../inspect-library.js'
import type { LibrarySource } from '../source/read-chunks.js'

/** What a thread is started with. */
export interface ThreadStart {
  readonly source: LibrarySource
  readonly inspect: Pick<InspectOptions, 'mapping' | 'maxRows' | 'maxColumns'>
  /** Whether somebody can be asked for the columns. */
  readonly asksColumns: boolean
  /** Undefined: nothing is matched. */
  readonly catalogPath: string | undefined
}

export type ToThread =
  /** The next batch is wanted. */
  | { readonly what: 'next' }
  | { readonly what: 'columns'; readonly mapping: Mapping | undefined }
  /** Nobody listens any more. */
  | { readonly what: 'end' }

export type FromThread =
  | { readonly what: 'inspected'; readonly library: InspectedLibrary }
  | { readonly what: 'ask-columns'; readonly header: readonly string[]; readonly samples: readonly (readonly string[])[] }
  /** A JSON array of outcomes: cheaper to send than the objects. */
  | { readonly what: 'batch'; readonly json: string }
  | { readonly what: 'end' }
  | { readonly what: 'failed'; readonly error: ThreadError }

/** An error as it crosses between threads; one that is no ImportError has no code. */
export interface ThreadError {
  readonly code?: ImportErrorCode
  readonly message: string
  readonly details?: ImportError['details']
}
