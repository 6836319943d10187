import type { News } from '@headway/core'
import type { JobId } from '@headway/protocol'

/** What a notification may hold, in bytes: PostgreSQL refuses 8,000 (postgresql.org/docs/current/sql-notify.html). */
const MAX_BYTES = 7_900

/** An id as a notification has it: 16 bytes in base64url. */
const ID_LENGTH = 22

const LETTERS = { log: 'l', queue: 'q', request: 'r' } as const satisfies Record<News, string>

/** What one node tells the others. */
export interface NewsMessage {
  /** Who tells it. */
  readonly node: string
  readonly news: readonly (readonly [news: News, ids: readonly JobId[]])[]
}

/** Notifications for any number of jobs: the node, and for each kind its letter and the jobs' ids. */
export function encodeNews(node: string, jobs: ReadonlyMap<News, ReadonlySet<JobId>>): string[] {
  const messages: string[] = []
  let message = node
  for (const [news, ids] of jobs) {
    let begun = false
    for (const id of ids) {
      if (message.length + ID_LENGTH + 2 > MAX_BYTES) {
        messages.push(message)
        message = node
        begun = false
      }
      if (!begun) message += `,${LETTERS[news]}`
      begun = true
      message += Buffer.from(id.replaceAll('-', ''), 'hex').toString('base64url')
    }
  }
  if (message !== node) messages.push(message)
  return messages
}

/** Undefined: nothing that this version understands. */
export function decodeNews(payload: string): NewsMessage | undefined {
  const [node, ...parts] = payload.split(',')
  if (node === undefined) return undefined
  const news: (readonly [News, JobId[]])[] = []
  for (const part of parts) {
    const kind = (Object.keys(LETTERS) as News[]).find((each) => LETTERS[each] === part[0])
    if (kind === undefined) continue
    const ids: JobId[] = []
    for (let at = 1; at + ID_LENGTH <= part.length; at += ID_LENGTH) ids.push(idOf(part.slice(at, at + ID_LENGTH)))
    news.push([kind, ids])
  }
  return { node, news }
}

function idOf(text: string): JobId {
  const hex = Buffer.from(text, 'base64url').toString('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
}
