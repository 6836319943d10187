import { MAX_SESSION_ID_LENGTH } from './client-messages.js'
import type { ServerMessage } from './server-messages.js'

type Unstamped<Message> = Message extends unknown ? Omit<Message, 'timestamp'> : never
type ErrorMessage = Extract<ServerMessage, { type: 'error' }>

/** The text of a message of one connection, with the time. */
export function say(message: Unstamped<ServerMessage>): string {
  return JSON.stringify({ ...message, timestamp: new Date().toISOString() })
}

/**
 * The text that answers a message which could not be done.
 *
 * @param about that message, as it was parsed; undefined when it was not JSON
 */
export function errorMessage(
  code: string,
  error: string,
  about: unknown,
  more: Pick<ErrorMessage, 'fields' | 'retryAfterSeconds'> = {},
): string {
  return say({ type: 'error', error, code, ...sessionIdOf(about), ...more })
}

/** The session that a refused message spoke of, as far as it can be told. */
function sessionIdOf(about: unknown): { readonly sessionId?: string } {
  const known = typeof about === 'object' && about !== null && 'sessionId' in about && typeof about.sessionId === 'string'
  return known ? { sessionId: (about.sessionId as string).slice(0, MAX_SESSION_ID_LENGTH) } : {}
}
