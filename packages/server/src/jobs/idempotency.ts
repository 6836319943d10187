import { createHash } from 'node:crypto'
import { HeadwayError } from '@headway/core'
import type { NewJob } from '@headway/core'
import { canonicalJson } from '@headway/protocol'
import type { Principal } from '../auth/principal.js'
import type { ServerContext } from '../context.js'

const MAX_KEY_LENGTH = 255
/** The key of somebody without an API key is also the proof that the job is theirs: it must not be a word that others choose too. */
const MIN_ANONYMOUS_KEY_LENGTH = 16

/** The key of a request, and among whose keys it is. @throws HeadwayError VALIDATION_ERROR */
export function keyOf(c: ServerContext, principal: Principal): { readonly scope: string; readonly key: string } | undefined {
  const header = c.req.header('idempotency-key')?.trim()
  if (header === undefined) return undefined
  const key = /^"(.*)"$/.exec(header)?.[1] ?? header
  if (!/^[\x20-\x7e]+$/.test(key) || key.length > MAX_KEY_LENGTH) {
    throw new HeadwayError('VALIDATION_ERROR', `An Idempotency-Key has 1 to ${MAX_KEY_LENGTH} printable ASCII characters.`)
  }
  if (principal.kind === 'anonymous' && key.length < MIN_ANONYMOUS_KEY_LENGTH) {
    throw new HeadwayError(
      'VALIDATION_ERROR',
      `Without an API key an Idempotency-Key needs at least ${MIN_ANONYMOUS_KEY_LENGTH} characters: use a random one, such as a UUID.`,
    )
  }
  return { scope: `${principal.id} ${c.req.method} ${c.req.path}`, key }
}

/**
 * What the header `Idempotency-Key` says (draft-ietf-httpapi-idempotency-key-header), with or without the quotes of a structured field. Keys
 * are told apart by who sends them and by the route; `fingerprint` tells two requests with one key apart.
 *
 * @throws HeadwayError VALIDATION_ERROR
 */
export function idempotencyOf(
  c: ServerContext,
  principal: Principal,
  request: { readonly type: string; readonly input: unknown; readonly fingerprint?: string | undefined },
): NewJob['idempotency'] {
  const found = keyOf(c, principal)
  if (found === undefined) return undefined
  const { type, input, fingerprint = '' } = request
  return {
    ...found,
    fingerprint: createHash('sha256')
      .update(`${type}\n${fingerprint}\n${canonicalJson(input)}`)
      .digest('hex'),
  }
}
