import { connect, createServer } from 'node:net'
import type { AddressInfo, Socket } from 'node:net'

/** A way to a server that gives what the server says in pieces of one to three bytes. */
export async function splittingProxy(baseUrl: string): Promise<{ readonly url: string; close(): Promise<void> }> {
  const { hostname, port } = new URL(baseUrl)
  const open = new Set<Socket>()
  const proxy = createServer({ noDelay: true }, (client) => {
    const server = connect(Number(port), hostname)
    for (const socket of [client, server]) {
      open.add(socket)
      socket.on('error', () => socket.destroy())
    }
    client.on('close', () => server.destroy())
    client.pipe(server)
    void forward(server, client).catch(() => client.destroy())
  })
  await new Promise<void>((resolve) => {
    proxy.listen(0, '127.0.0.1', resolve)
  })
  return {
    url: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`,
    close() {
      for (const socket of open) socket.destroy()
      return new Promise((resolve) => {
        proxy.close(() => resolve())
      })
    },
  }
}

async function forward(server: Socket, client: Socket): Promise<void> {
  let turn = 0
  for await (const bytes of server as AsyncIterable<Buffer>) {
    for (let at = 0; at < bytes.length; turn += 1) {
      const size = 1 + (turn % 3)
      const piece = bytes.subarray(at, at + size)
      at += size
      // Each piece is a packet of its own.
      await new Promise<void>((resolve, reject) => {
        client.write(piece, (error) => (error ? reject(error) : setImmediate(resolve)))
      })
    }
  }
  client.end()
}
