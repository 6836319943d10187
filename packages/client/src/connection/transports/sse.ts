import type { ServerMessage } from '@headway/protocol'
import { readSse } from '../../sse/read-sse.js'
import { followRequest, signalWithin } from '../transport.js'
import type { Transport } from '../transport.js'

/** One stream for all jobs. When other jobs are wanted it is opened again, each from where it is. */
export const followBySse: Transport = async (line, signal) => {
  let comeBackMs: number | undefined
  while (!signal.aborted) {
    const stream = signalWithin(signal)
    line.changed = stream.abort
    try {
      const { body } = await line.server.ask(followRequest(line, 'text/event-stream', '', stream.signal))
      if (body) {
        const onRetry = (ms: number): void => void (comeBackMs = ms)
        for await (const batch of readSse(body, { signal: stream.signal, onRetry })) {
          line.take(batch.map(({ data }) => JSON.parse(data) as ServerMessage))
        }
      }
      if (!stream.signal.aborted) break
    } catch (error) {
      if (!stream.signal.aborted) throw error
    } finally {
      stream.abort()
    }
  }
  return comeBackMs
}
