/** What an `error` message of `/ws/compile` says in `code`, beside the codes of the HTTP routes. Stable. */
export const SOCKET_CODES = [
  'TOO_MANY_COMPILATIONS',
  'DUPLICATE_SESSION',
  'SESSION_NOT_FOUND',
  'INVALID_MESSAGE',
  'MESSAGE_TOO_LARGE',
  'UNKNOWN_MESSAGE_TYPE',
  'RATE_LIMIT_EXCEEDED',
] as const
