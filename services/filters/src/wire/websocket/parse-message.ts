import { HeadwayError } from '@headway/core'
import { SocketError } from '@headway/server'
import { LARGE_BODY_BYTES, parseElsewhere } from '../large-body.js'

/** Whether a message is parsed in a thread of its own. */
export function isLarge(text: Buffer): boolean {
  return text.length > LARGE_BODY_BYTES
}

/**
 * Parses a large message in a thread of its own, as a large body of a request.
 *
 * @throws SocketError INVALID_MESSAGE, MESSAGE_TOO_LARGE (what is beside the texts)
 */
export async function parseMessage(text: Buffer): Promise<unknown> {
  try {
    return await parseElsewhere(text)
  } catch (error) {
    if (!(error instanceof HeadwayError)) throw error
    throw new SocketError(error.code === 'BODY_TOO_LARGE' ? 'MESSAGE_TOO_LARGE' : 'INVALID_MESSAGE', error.message)
  }
}
