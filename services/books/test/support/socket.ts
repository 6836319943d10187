import { once } from 'node:events'
import { WebSocket } from 'ws'

/** A message of `/ws/progress`. */
export interface SocketMessage {
  readonly type: string
  readonly [name: string]: unknown
}

/** A connection to `/ws/progress`, and all that came over it. */
export interface Talk {
  readonly messages: readonly SocketMessage[]
  /** Sends a text as it is, bytes, or anything else as JSON. */
  say(message: unknown): void
  /** The first message of that type after those that were looked at. @throws Error when the connection ends before */
  hear(type: string): Promise<SocketMessage>
  /** Its close code. */
  readonly closed: Promise<number>
  /** What its close frame says. */
  readonly closeReason: () => string
  end(): void
}

/** Opens a connection. @param token as its subprotocol; undefined: what the URL says counts */
export async function talkTo(url: string, token?: string): Promise<Talk> {
  const ws = token === undefined ? new WebSocket(url) : new WebSocket(url, [token])
  const messages: SocketMessage[] = []
  let looked = 0
  let reason = ''
  let wake = (): void => {}
  ws.on('message', (data: Buffer) => {
    messages.push(JSON.parse(data.toString()) as SocketMessage)
    wake()
  })
  const closed = new Promise<number>((resolve) => {
    ws.on('close', (code, said) => {
      reason = said.toString()
      resolve(code)
      wake()
    })
  })
  await once(ws, 'open')
  return {
    messages,
    closed,
    closeReason: () => reason,
    say: (message) => ws.send(typeof message === 'string' || Buffer.isBuffer(message) ? message : JSON.stringify(message)),
    async hear(type) {
      for (;;) {
        while (looked < messages.length) {
          const message = messages[looked++]
          if (message?.type === type) return message
        }
        if (ws.readyState === WebSocket.CLOSED) throw new Error(`It closed without "${type}"; it said ${JSON.stringify(messages)}.`)
        await new Promise<void>((resolve) => (wake = resolve))
      }
    },
    end: () => ws.terminate(),
  }
}
