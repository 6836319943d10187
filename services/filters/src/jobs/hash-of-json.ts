import { createHash } from 'node:crypto'
import { canonicalJson } from '@headway/protocol'

/** SHA-256 in hex of a JSON value, the same whatever the order of its members. */
export function hashOfJson(value: unknown): string {
  return createHash('sha256').update(canonicalJson(value)).digest('hex')
}
