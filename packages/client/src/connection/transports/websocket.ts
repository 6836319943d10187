import type { ClientMessage, ServerMessage } from '@headway/protocol'
import { HeadwayClientError } from '../../errors.js'
import type { Line, Transport } from '../transport.js'

/** What the server says by closing a socket, as an answer would say it: a code and a status. Any other close is one of the network. */
const REFUSALS: Readonly<Record<number, readonly [code: string, status: number]>> = {
  4401: ['UNAUTHORIZED', 401],
  4403: ['FORBIDDEN', 403],
}

/** One socket for all jobs, each attached and detached as it is wanted. A credential that was refused as too old is refreshed once. */
export function followByWebSocket(Socket: typeof WebSocket): Transport {
  return async (line, signal) => {
    const { credentials } = line.server
    for (let isFresh = false; ; isFresh = true) {
      const shown = credentials.show()
      const credential = await shown
      if (signal.aborted) return undefined
      try {
        return await useSocket(
          new Socket(`${line.server.baseUrl.replace(/^http/, 'ws')}/ws`, credential === undefined ? [] : [credential]),
          line,
          signal,
        )
      } catch (error) {
        if ((error as HeadwayClientError).status !== 401 || isFresh || !credentials.refresh(shown)) throw error
      }
    }
  }
}

function useSocket(socket: WebSocket, line: Line, signal: AbortSignal): Promise<undefined> {
  const carried = (line.carried = new Set())
  let lists = false
  let isOpen = false
  const say = (message: ClientMessage): void => socket.send(JSON.stringify(message))

  function update(): void {
    if (!isOpen) return
    const wants = line.wants()
    for (const jobId of carried) {
      if (wants.some((want) => want.jobId === jobId)) continue
      carried.delete(jobId)
      say({ type: 'detach', jobId })
    }
    for (const want of wants) {
      if (carried.has(want.jobId)) continue
      carried.add(want.jobId)
      say({ type: 'attach', ...want })
    }
    if (lists !== line.lists()) say({ type: 'lists', on: (lists = !lists) })
  }

  line.changed = update
  return new Promise((resolve, reject) => {
    signal.addEventListener('abort', () => {
      socket.close()
      resolve(undefined)
    })
    socket.addEventListener('message', ({ data }) => {
      if (signal.aborted) return
      const message = JSON.parse(data as string) as ServerMessage
      isOpen ||= message.type === 'welcome'
      line.take([message])
      if (message.type === 'welcome') update()
    })
    // It is followed by `close`; the sockets of `ws` throw it where nobody listens.
    socket.addEventListener('error', () => undefined)
    socket.addEventListener('close', ({ code, reason }) => {
      const [refusal = 'NETWORK_ERROR', status] = REFUSALS[code] ?? []
      reject(new HeadwayClientError(refusal, reason || `The connection closed with ${code}.`, { status }))
    })
  })
}
