import { serverMessageSchema } from '@headway/protocol'
import { received, WatchRefusedError } from './client.js'
import type { Received, WatchTarget } from './client.js'

/**
 * What a message of `/ws` or `/follow` gives to a watcher of one job: nothing, or that it is over.
 *
 * @param text the message as JSON
 * @throws WatchRefusedError
 */
export function receivedMessage(text: string, target: WatchTarget): Received | 'end' | undefined {
  const message = serverMessageSchema.parse(JSON.parse(text))
  switch (message.type) {
    case 'event':
      if (message.seq !== message.event.seq || message.jobId !== target.jobId) throw new Error(`Wrong envelope: ${text.slice(0, 100)}`)
      return received(text.slice(text.indexOf('"event":') + '"event":'.length, -1))
    case 'reset':
      return { kind: 'reset', reset: { type: 'reset', reason: message.reason, after: message.after, head: message.head } }
    case 'error':
      throw new WatchRefusedError(message.code)
    case 'end':
    case 'detached':
      return 'end'
    case 'welcome':
    case 'attached':
    case 'jobs.changed':
    case 'accepted':
    case 'heartbeat':
    case 'pong':
      return undefined
  }
}
