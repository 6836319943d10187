import type { ReadArgs, Segment } from './messages.js'

/** Puts a page together from pieces of a log. */
export interface PageBuilder {
  /** Takes what fits of a piece. False: the page is full. */
  add(piece: Segment): boolean
  /** What still fits. */
  room(): { readonly events: number; readonly bytes: number }
  lines(): string
  /** The last seq that was looked at. */
  next(): number
}

export function createPageBuilder({ after, types, maxEvents, maxBytes }: Omit<ReadArgs, 'id'>): PageBuilder {
  const wanted = types === null ? undefined : new Set(types)
  const parts: string[] = []
  let next = after
  let events = 0
  let bytes = 0

  function addWhole(piece: Segment, size: number): void {
    parts.push(piece.lines)
    events += piece.last - piece.first + 1
    bytes += size
    next = piece.last
  }

  /** Line by line: the cursor or the end of the page lies inside, or only some types are wanted. */
  function addLines({ first, last, lines }: Segment): boolean {
    let seq = first
    let start = 0
    for (; seq <= next; seq++) start = lines.indexOf('\n', start) + 1
    for (; seq <= last; seq++) {
      const lineEnd = lines.indexOf('\n', start)
      const end = lineEnd === -1 ? lines.length : lineEnd
      if (wanted === undefined || wanted.has(typeOf(lines, start))) {
        const line = lines.slice(start, end)
        const size = Buffer.byteLength(line) + 1
        if (events > 0 && (events >= maxEvents || bytes + size > maxBytes)) return false
        parts.push(line)
        events += 1
        bytes += size
      }
      next = seq
      start = end + 1
    }
    return true
  }

  return {
    add(piece) {
      if (events > 0 && events >= maxEvents) return false
      if (wanted !== undefined || piece.first <= next || events + piece.last - piece.first + 1 > maxEvents) return addLines(piece)
      const size = Buffer.byteLength(piece.lines) + 1
      if (bytes + size > maxBytes) return addLines(piece)
      addWhole(piece, size)
      return true
    },
    room: () => ({ events: Math.max(0, maxEvents - events), bytes: Math.max(0, maxBytes - bytes) }),
    lines: () => parts.join('\n'),
    next: () => next,
  }
}

const TYPE_MEMBER = '"type":"'

/** The type of the event whose line begins at `start`; lines always have it in the same place, see LogEvent. */
function typeOf(lines: string, start: number): string {
  const from = lines.indexOf(TYPE_MEMBER, start) + TYPE_MEMBER.length
  return lines.slice(from, lines.indexOf('"', from))
}
