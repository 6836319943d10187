import { HeadwayError } from '@headway/core'
import type { JobQuery } from '@headway/core'
import { createHash } from 'node:crypto'

/** Characters of the query's hash that a cursor has. */
const HASH_LENGTH = 8

/** Larger than this no database's internal ids are. */
const MAX_ID = (1n << 63n) - 1n

/** The opaque cursor of a list: where the next page begins, and a trace of the query that it belongs to. */
export function encodeListCursor(query: JobQuery, next: number | string): string {
  return Buffer.from(`${next}.${hashOf(query)}`).toString('base64url')
}

/** The internal id before which the page begins; null: the first page. @throws HeadwayError INVALID_CURSOR */
export function decodeListCursor(query: JobQuery): string | null {
  if (query.cursor === undefined) return null
  const match = /^([1-9][0-9]{0,18})\./.exec(Buffer.from(query.cursor, 'base64url').toString('latin1'))
  if (match?.[1] === undefined || BigInt(match[1]) > MAX_ID || encodeListCursor(query, match[1]) !== query.cursor) {
    throw new HeadwayError('INVALID_CURSOR', 'The cursor is not one that a list with the same filters gave; start without a cursor.')
  }
  return match[1]
}

function hashOf({ types, statuses, text, parentId, createdAfter, createdBefore }: JobQuery): string {
  const filters = JSON.stringify([
    types ?? null,
    statuses ?? null,
    text ?? null,
    parentId ?? null,
    createdAfter ?? null,
    createdBefore ?? null,
  ])
  return createHash('sha256').update(filters).digest('hex').slice(0, HASH_LENGTH)
}
