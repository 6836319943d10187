import { HeadwayError, StoreError } from '@headway/core'

const STORE_MESSAGES: Record<StoreError['code'], string> = {
  full: 'The store has no room left. What was asked for was not done.',
  locked: 'Another server has the store.',
  closed: 'The server is stopping.',
  corrupt: 'The store is damaged.',
  unavailable: 'The store does not answer. What was asked for was not done; try again later.',
}

/** How long to wait before a store that failed is tried again, in seconds. */
const STORE_RETRY_SECONDS = 5

/**
 * Any thrown value as the error that a user is told of. What is not meant for users (a programming error) becomes INTERNAL_ERROR
 * without a word of its message.
 */
export function toHeadwayError(error: unknown): HeadwayError {
  if (error instanceof HeadwayError) return error
  if (error instanceof StoreError) {
    return new HeadwayError('STORE_UNAVAILABLE', STORE_MESSAGES[error.code], { cause: error, retryAfterSeconds: STORE_RETRY_SECONDS })
  }
  return new HeadwayError('INTERNAL_ERROR', 'Something went wrong. The log of the server has the details under this requestId.', {
    cause: error,
  })
}
