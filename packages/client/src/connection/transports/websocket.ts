import type { ClientMessage, JobId, ServerMessage } from '@headway/protocol'
import { HeadwayClientError } from '../../errors.js'
import type { Transport } from '../transport.js'

/** What the server says by closing a socket, as an answer would say it: a code and a status. Any other close is one of the network. */
const REFUSALS: Readonly<Record<number, readonly [code: string, status: number]>> = {
  4401: ['UNAUTHORIZED', 401],
  4403: ['FORBIDDEN', 403],
}

/** One socket for all jobs, each attached and detached as it is wanted. */
export function followByWebSocket(Socket: typeof WebSocket): Transport {
  return async (line, signal) => {
    const credential = await line.server.credentials.show()
    if (signal.aborted) return undefined
    const socket = new Socket(`${line.server.baseUrl.replace(/^http/, 'ws')}/ws`, credential === undefined ? [] : [credential])
    const attached = new Set<JobId>()
    let lists = false
    let isOpen = false
    const say = (message: ClientMessage): void => socket.send(JSON.stringify(message))

    function update(): void {
      if (!isOpen) return
      const wants = line.wants()
      for (const jobId of attached) {
        if (wants.some((want) => want.jobId === jobId)) continue
        attached.delete(jobId)
        say({ type: 'detach', jobId })
      }
      for (const want of wants) {
        if (attached.has(want.jobId)) continue
        attached.add(want.jobId)
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
        const { type } = message
        // What the server no longer sends is asked for again where it is still wanted.
        if ((type === 'end' || type === 'detached' || type === 'error') && message.jobId) attached.delete(message.jobId)
        line.take([message])
        isOpen ||= type === 'welcome'
        if (type === 'welcome' || type === 'detached') update()
      })
      // It is followed by `close`; the sockets of `ws` throw it where nobody listens.
      socket.addEventListener('error', () => undefined)
      socket.addEventListener('close', ({ code, reason }) => {
        const [refusal = 'NETWORK_ERROR', status] = REFUSALS[code] ?? []
        reject(new HeadwayClientError(refusal, reason || `The connection closed with ${code}.`, { status }))
      })
    })
  }
}
