import { answerCalls } from '../lib/agent.mjs'
import { seconds } from '../lib/clock.mjs'
import { quantile } from '../lib/stats.mjs'

// Watches the stream of a task that prints the time (print-slowly.mjs) and sees how late each line is.

const delays = []
let watching

answerCalls({
  /** Begins to read. @throws Error when the stream is refused */
  async watch({ url, headers }) {
    const response = await fetch(url, { headers: { Accept: 'text/event-stream', ...headers } })
    if (!response.ok) throw new Error(`The stream is refused: ${response.status}.`)
    watching = read(response.body)
    // A failure is told when the delays are asked for.
    watching.catch(() => undefined)
  },
  /** Waits for the end of the stream. Gives how many lines came and how late, in milliseconds. */
  async delays() {
    await watching
    return { count: delays.length, p99: quantile(delays, 0.99), max: Math.max(...delays) }
  },
})

async function read(body) {
  const decoder = new TextDecoder()
  let rest = ''
  for await (const chunk of body) {
    const now = seconds()
    const parts = (rest + decoder.decode(chunk, { stream: true })).split(';')
    rest = parts.pop()
    for (const part of parts) {
      const [, at] = /at=(\d+\.\d+)$/.exec(part) ?? []
      if (at !== undefined) delays.push((now - Number(at)) * 1000)
    }
  }
}
