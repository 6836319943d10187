import { once } from 'node:events'
import { setImmediate as turn } from 'node:timers/promises'
import { answerCalls } from '../lib/agent.mjs'
import { seconds } from '../lib/clock.mjs'
import { dataOfSize } from '../lib/payload.mjs'

/**
 * Answers for a server that sends one event after another to all of its connections, and waits for whoever is slow.
 *
 * @param where by the name of the transport, how to connect
 * @param connections what each is written to: streams
 * @param broadcast sends one event to all
 */
export function answerBroadcasts(where, connections, broadcast) {
  let seq = 0
  answerCalls({
    ...where,
    threads: () => ({}),
    async emit({ events, bytes }) {
      const start = seconds()
      const data = dataOfSize(bytes)
      for (let event = 0; event < events; event++) {
        seq += 1
        broadcast(seq, data)
        // Other work gets its turn.
        await turn()
        for (const connection of connections) if (connection.writableNeedDrain) await once(connection, 'drain')
      }
      return { start }
    },
  })
}
