import { connect } from 'node:net'
import { answerCalls } from '../lib/agent.mjs'
import { seconds } from '../lib/clock.mjs'

// One watcher of a task. It counts lines by a text that stands once in the message of each, and parses nothing.

answerCalls({
  /** Reads a stream until `end` was read. Gives how many times `line` was in it, and when the last of them came. */
  watch: ({ port, request, line, end }) =>
    new Promise((resolve, reject) => {
      const mark = Buffer.from(line)
      const last = Buffer.from(end)
      const overlap = Math.max(mark.length, last.length) - 1
      let rest = Buffer.alloc(0)
      let lines = 0
      let at = 0
      const socket = connect({ port, host: '127.0.0.1' })
      socket.on('error', reject)
      socket.on('close', () => reject(new Error(`The stream ended after ${lines} lines.`)))
      socket.on('data', (chunk) => {
        const bytes = Buffer.concat([rest, chunk])
        let from = 0
        for (let found = bytes.indexOf(mark); found !== -1; found = bytes.indexOf(mark, from)) {
          lines += 1
          from = found + mark.length
        }
        if (from > 0) at = seconds()
        // What was counted is not looked at again.
        rest = bytes.subarray(Math.max(from, bytes.length - overlap))
        if (!bytes.includes(last)) return
        socket.destroy()
        resolve({ lines, at })
      })
      socket.write(request)
    }),
})
