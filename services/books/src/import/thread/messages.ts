import type { InspectedLibrary } from '../inspected.js'
import type { ImportErrorCode } from '../import-error.js'

/** What a thread is started with. */
export interface ThreadStart {
  readonly path: string
  readonly library: InspectedLibrary
  readonly afterRow: number
  /** Undefined: nothing is matched. */
  readonly catalogPath: string | undefined
  readonly bar: number | undefined
}

/** The next batch is wanted. */
export interface ToThread {
  readonly what: 'next'
}

export type FromThread =
  /** A JSON array of outcomes: cheaper to send than the objects. */
  | { readonly what: 'batch'; readonly json: string }
  | { readonly what: 'end' }
  | { readonly what: 'failed'; readonly code?: ImportErrorCode; readonly message: string }
