import type { IncomingMessage } from 'node:http'
import { HeadwayError } from '@headway/core'
import type { Seq } from '@headway/protocol'

/** Where a watcher is: it has every event up to `after`, and the first `skip` messages of the event that follows. */
export interface Cursor {
  readonly after: Seq
  readonly skip: number
}

export const START: Cursor = { after: 0, skip: 0 }

/** Takes what a client sent as its cursor: `N`, or `N.k` when it has k messages of event N. @throws HeadwayError INVALID_CURSOR */
export function parseCursor(text: string): Cursor {
  const found = /^(\d{1,15})(?:\.(\d{1,6}))?$/.exec(text)
  const seq = Number(found?.[1])
  const parts = Number(found?.[2] ?? 0)
  if (found === null || (seq === 0 && parts > 0)) {
    throw new HeadwayError(
      'INVALID_CURSOR',
      'A cursor is the id of the last message that you have: a number, or two with a dot between them.',
    )
  }
  return parts === 0 ? { after: seq, skip: 0 } : { after: seq - 1, skip: parts }
}

/**
 * The cursor that a request asks for, or undefined: its `Last-Event-ID` header, else its query's `after`. A browser that reconnects
 * sends the header, but still has the query of its first request: so the header wins.
 *
 * @throws HeadwayError INVALID_CURSOR
 */
export function requestedCursor(request: IncomingMessage, after: string | undefined): Cursor | undefined {
  const header = request.headers['last-event-id']
  const text = typeof header === 'string' && header !== '' ? header : after
  return text === undefined ? undefined : parseCursor(text)
}
