import type { IncomingMessage } from 'node:http'
import { HeadwayError } from '@headway/core'

/** The longest boundary is 70 characters (RFC 2046, section 5.1.1); two hyphens before it. */
const MAX_DELIMITER_BYTES = 72

/** The characters of a boundary: those of RFC 2046, section 5.1.1. The last one is no blank. */
const DELIMITER = /^--([\w'()+,./:=? -]{0,69}[\w'()+,./:=?-])[ \t]*\r?\n/

/**
 * The boundary of a multipart body, read off the body itself: a client of this contract sends multipart bodies with another Content-Type.
 * The body is left as it was.
 *
 * @returns undefined when it does not begin like one
 * @throws HeadwayError VALIDATION_ERROR where there is no body at all
 */
export async function boundaryOf(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = []
  let size = 0
  while (size < MAX_DELIMITER_BYTES + 1) {
    const chunk = await firstChunk(request)
    if (chunk === undefined) break
    chunks.push(chunk)
    size += chunk.length
    if (chunk.includes(0x0a)) break
  }
  const start = Buffer.concat(chunks)
  if (start.length === 0) throw new HeadwayError('VALIDATION_ERROR', 'The request has no body; send a file as multipart/form-data.')
  request.unshift(start)
  return DELIMITER.exec(start.toString('latin1'))?.[1]
}

/** What has arrived, as soon as something has; undefined at the end of the body. */
function firstChunk(request: IncomingMessage): Promise<Buffer | undefined> {
  const ready = request.read() as Buffer | null
  if (ready !== null) return Promise.resolve(ready)
  if (request.readableEnded || request.destroyed) return Promise.resolve(undefined)
  return new Promise((resolve) => {
    const settle = (chunk: Buffer | undefined): void => {
      request.off('readable', onReadable).off('end', onEnd).off('close', onEnd).off('error', onEnd)
      resolve(chunk)
    }
    const onReadable = (): void => {
      const chunk = request.read() as Buffer | null
      if (chunk !== null) settle(chunk)
    }
    const onEnd = (): void => settle(undefined)
    request.on('readable', onReadable).on('end', onEnd).on('close', onEnd).on('error', onEnd)
  })
}
