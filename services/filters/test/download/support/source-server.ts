import { createServer, type IncomingMessage, type RequestListener } from 'node:http'
import { createServer as createTcpServer, type AddressInfo, type Server, type Socket } from 'node:net'
import { onTestFinished } from 'vitest'

export interface SourceServer {
  /** Such as `http://127.0.0.1:1234`. */
  readonly url: string
  readonly port: number
  /** Every request so far. */
  readonly requests: readonly IncomingMessage[]
  /** Connections that are open now. */
  readonly open: ReadonlySet<Socket>
  /** Waits until a request has come. */
  requested(): Promise<void>
  close(): Promise<void>
}

/** Starts a real HTTP server for one test. */
export async function serve(listener: RequestListener, address = '127.0.0.1'): Promise<SourceServer> {
  const requests: IncomingMessage[] = []
  const waiting: (() => void)[] = []
  const server = createServer((request, response) => {
    requests.push(request)
    for (const go of waiting.splice(0)) go()
    listener(request, response)
  })
  const started = await listen(server, address)
  const requested = () => (requests.length > 0 ? Promise.resolve() : new Promise<void>((resolve) => waiting.push(resolve)))
  return { ...started, requests, requested }
}

/** Starts a server that writes what it likes to each connection once something was asked. */
export async function serveRaw(answer: (socket: Socket, count: number) => void): Promise<Omit<SourceServer, 'requests' | 'requested'>> {
  let count = 0
  return listen(
    createTcpServer((socket) => {
      socket.on('error', () => undefined)
      socket.once('data', () => {
        count += 1
        answer(socket, count)
      })
    }),
    '127.0.0.1',
  )
}

async function listen(server: Server, address: string) {
  const open = new Set<Socket>()
  server.on('connection', (socket: Socket) => {
    open.add(socket)
    socket.on('close', () => open.delete(socket))
  })
  await new Promise<void>((resolve) => server.listen(0, address, resolve))
  const { port } = server.address() as AddressInfo
  const close = async () => {
    for (const socket of open) socket.destroy()
    await new Promise<void>((resolve) => server.close(() => resolve()))
  }
  onTestFinished(close)
  return { url: `http://${address}:${String(port)}`, port, open, close }
}
