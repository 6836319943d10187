import type { FollowAnswer } from '@headway/protocol'
import { followRequest, signalWithin } from '../transport.js'
import type { Transport } from '../transport.js'

/** How long an answer may wait for news, in seconds: less than proxies let a request stand. */
const WAIT_SECONDS = 25

/** What an answer may take beside its waiting, in milliseconds. */
const ANSWER_MS = 10_000

/** Requests that wait for news, one after another. The first does not wait: it shows that the server is there. */
export const followByPolling: Transport = async (line, signal) => {
  for (let wait = 0; !signal.aborted; wait = WAIT_SECONDS) {
    const poll = signalWithin(signal)
    line.changed = poll.abort
    line.expect(wait * 1000 + ANSWER_MS)
    try {
      const response = await line.server.ask(followRequest(line, 'application/json', `?wait=${wait}`, poll.signal))
      const { messages } = (await response.json()) as FollowAnswer
      if (!poll.signal.aborted) line.take(messages)
    } catch (error) {
      if (!poll.signal.aborted) throw error
    } finally {
      poll.abort()
    }
  }
  return undefined
}
