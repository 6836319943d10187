import { serverMessageSchema } from '@headway/protocol'
import { WebSocket } from 'ws'
import { received, WatchRefusedError } from './client.js'
import type { Received, WatchTarget } from './client.js'

/** Follows over `/ws`. */
export async function* websocketClient(target: WatchTarget): AsyncGenerator<Received, void, void> {
  const ws = new WebSocket(`${target.baseUrl.replace(/^http/, 'ws')}/ws`, target.token === undefined ? [] : [target.token])
  ws.once('open', () => ws.send(JSON.stringify({ type: 'attach', jobId: target.jobId, after: target.after })))
  try {
    for await (const text of messagesOf(ws)) {
      const message = serverMessageSchema.parse(JSON.parse(text))
      switch (message.type) {
        case 'event': {
          const line = text.slice(text.indexOf('"event":') + '"event":'.length, -1)
          if (message.seq !== message.event.seq || message.jobId !== target.jobId) throw new Error(`Wrong envelope: ${text.slice(0, 100)}`)
          yield received(line)
          break
        }
        case 'reset':
          yield { kind: 'reset', reset: { type: 'reset', reason: message.reason, after: message.after, head: message.head } }
          break
        case 'error':
          throw new WatchRefusedError(message.code)
        case 'end':
        case 'detached':
          return
        case 'welcome':
        case 'attached':
        case 'accepted':
        case 'heartbeat':
        case 'pong':
          break
      }
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
