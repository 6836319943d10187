import { HeadwayError, StoreError } from '@headway/core'
import type { Delivery } from './delivery.js'
import { SocketError } from './websocket-protocol.js'

/** What a client is told of an error, as a code and a sentence. One that is not its own is told to `delivery.onError`, too. */
export function wordsOf(
  error: unknown,
  { onError }: Pick<Delivery, 'onError'>,
  doing: string,
): { readonly code: string; readonly message: string } {
  if (error instanceof SocketError || error instanceof HeadwayError) return { code: error.code, message: error.message }
  onError(error, doing)
  const code = error instanceof StoreError ? 'STORE_UNAVAILABLE' : 'INTERNAL_ERROR'
  return { code, message: 'This did not work; try again later.' }
}
