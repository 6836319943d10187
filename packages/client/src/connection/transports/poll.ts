import type { FollowAnswer } from '@headway/protocol'
import { askAgain } from '../transport.js'
import type { Transport } from '../transport.js'

/** How long an answer may wait for news, in seconds: less than proxies let a request stand. */
const WAIT_SECONDS = 25

/** What an answer may take beside its waiting, in milliseconds. */
const ANSWER_MS = 10_000

/** Requests that wait for news, one after another. The first does not wait: it shows that the server is there. */
export const followByPolling: Transport = async (line, signal) => {
  let wait = 0
  await askAgain(
    line,
    signal,
    'application/json',
    () => {
      line.expect(wait * 1000 + ANSWER_MS)
      return `?wait=${wait}`
    },
    async (response, turn) => {
      const { messages } = (await response.json()) as FollowAnswer
      wait = WAIT_SECONDS
      if (!turn.aborted) line.take(messages)
      return false
    },
  )
  return undefined
}
