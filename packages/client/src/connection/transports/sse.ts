import type { ServerMessage } from '@headway/protocol'
import { readSse } from '../../sse/read-sse.js'
import { askAgain, FIRST_MESSAGE_MS } from '../transport.js'
import type { Transport } from '../transport.js'

/** One stream for all jobs. When other jobs are wanted it is opened again, each from where it is. */
export const followBySse: Transport = async (line, signal) => {
  let comeBackMs: number | undefined
  const onRetry = (ms: number): void => void (comeBackMs = ms)
  await askAgain(
    line,
    signal,
    'text/event-stream',
    () => {
      line.expect(FIRST_MESSAGE_MS)
      return ''
    },
    async ({ body }, turn) => {
      if (body) {
        for await (const batch of readSse(body, { signal: turn, onRetry })) {
          line.take(batch.map(({ data }) => JSON.parse(data) as ServerMessage))
        }
      }
      return true
    },
  )
  return comeBackMs
}
