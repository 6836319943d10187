import type { Catalog } from '../catalog.js'
import type { CatalogErrorCode } from '../errors.js'

/** What can be asked of a catalog. */
export type Method = Exclude<keyof Catalog, 'close'>

export interface ThreadOptions {
  readonly path: string
}

export interface Question {
  readonly id: number
  readonly method: Method
  readonly args: readonly unknown[]
}

/** The first message says whether the catalog is open; then one for each question. */
export type Answer =
  | { readonly opened: true }
  | { readonly failed: Failure }
  | ({ readonly id: number } & ({ readonly value: unknown } | { readonly error: Failure }))

/** An error as it crosses from thread to thread. */
export interface Failure {
  readonly code?: CatalogErrorCode
  readonly message: string
}
