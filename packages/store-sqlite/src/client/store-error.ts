import { StoreError } from '@headway/core'
import type { WireError } from '../errors.js'

/** The error of a thread, as the store's users get it. */
export function storeErrorOf({ code, message }: WireError): StoreError {
  return new StoreError(code, message)
}
