import { HeadwayError } from '@headway/core'
import { SocketError } from '@headway/server'
import { parseElsewhere } from '../large-body.js'

/**
 * Parses a large message in a thread of its own, as a large body of a request; undefined for all others.
 *
 * @throws SocketError INVALID_MESSAGE, MESSAGE_TOO_LARGE (what is beside the texts)
 */
export function parseMessage(text: Buffer): Promise<unknown> | undefined {
  return parseElsewhere(text)?.catch((error: unknown) => {
    if (!(error instanceof HeadwayError)) throw error
    throw new SocketError(error.code === 'BODY_TOO_LARGE' ? 'MESSAGE_TOO_LARGE' : 'INVALID_MESSAGE', error.message)
  })
}
