import { HeadwayError } from '@headway/core'
import { HEAD_BYTES, markedKind } from '../../import/source/content-kind.js'

/** Hands a file on as it comes, and refuses it at its first bytes when it is no text. @throws HeadwayError VALIDATION_ERROR */
export async function* assertLooksLikeText(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let head: Buffer | undefined = Buffer.alloc(0)
  for await (const chunk of bytes) {
    if (head === undefined) {
      yield chunk
      continue
    }
    head = Buffer.concat([head, chunk])
    if (head.length < HEAD_BYTES) continue
    yield checked(head)
    head = undefined
  }
  if (head !== undefined && head.length > 0) yield checked(head)
}

function checked(head: Buffer): Buffer {
  const kind = markedKind(head)
  if (kind === undefined) return head
  throw new HeadwayError('VALIDATION_ERROR', `This file is ${kind}; export your library as CSV and send that.`)
}
