import type { IncomingMessage } from 'node:http'
import { HeadwayError } from '@headway/core'

/**
 * Reads a whole body, but never more than `maxBytes` of it: a body that says it is longer is refused before it is read, one that turns
 * out longer while it is read.
 *
 * @throws HeadwayError BODY_TOO_LARGE; INVALID_JSON when the client went away half way
 */
export function readBody(request: IncomingMessage, maxBytes: number): Promise<Buffer> {
  const announced = Number(request.headers['content-length'])
  if (announced > maxBytes) return Promise.reject(tooLarge(maxBytes))
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let size = 0
    const onData = (chunk: Buffer): void => {
      size += chunk.length
      if (size > maxBytes) settle(() => reject(tooLarge(maxBytes)))
      else chunks.push(chunk)
    }
    const onEnd = (): void => settle(() => resolve(Buffer.concat(chunks)))
    const onBroken = (): void => settle(() => reject(new HeadwayError('INVALID_JSON', 'The body ended before it was complete.')))
    const settle = (done: () => void): void => {
      request.off('data', onData).off('end', onEnd).off('error', onBroken).off('close', onBroken)
      request.pause()
      // Whoever breaks off later must not become an uncaught error.
      request.on('error', () => {})
      done()
    }
    request.on('data', onData).on('end', onEnd).on('error', onBroken).on('close', onBroken)
  })
}

function tooLarge(maxBytes: number): HeadwayError {
  return new HeadwayError('BODY_TOO_LARGE', `The body of this request may have at most ${maxBytes} bytes.`, { details: { maxBytes } })
}
