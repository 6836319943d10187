import { WebSocket } from 'ws'
import type { Received, WatchTarget } from './client.js'
import { receivedMessage } from './native-message.js'

/** Follows over `/ws`. */
export async function* websocketClient(target: WatchTarget): AsyncGenerator<Received, void, void> {
  const ws = new WebSocket(`${target.baseUrl.replace(/^http/, 'ws')}/ws`, target.token === undefined ? [] : [target.token])
  ws.once('open', () => ws.send(JSON.stringify({ type: 'attach', jobId: target.jobId, after: target.after })))
  try {
    for await (const text of messagesOf(ws)) {
      const what = receivedMessage(text, target)
      if (what === 'end') return
      if (what !== undefined) yield what
    }
  } finally {
    ws.terminate()
  }
}

/** The messages of a socket, until it is closed. Nothing is read from it while nobody asks. */
async function* messagesOf(ws: WebSocket): AsyncGenerator<string, void, void> {
  const waiting: string[] = []
  let wake: (() => void) | undefined
  ws.on('message', (data: Buffer) => {
    waiting.push(data.toString())
    ws.pause()
    wake?.()
  })
  ws.on('close', () => wake?.())
  ws.on('error', () => wake?.())
  for (;;) {
    const next = waiting.shift()
    if (next !== undefined) {
      yield next
      continue
    }
    if (ws.readyState > ws.OPEN) return
    ws.resume()
    await new Promise<void>((resolve) => {
      wake = resolve
    })
  }
}
