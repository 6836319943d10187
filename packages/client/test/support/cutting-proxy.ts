import { once } from 'node:events'
import { connect, createServer } from 'node:net'
import type { AddressInfo, Socket } from 'node:net'

/** What a proxy does to one request: nothing, or cuts its connection after so many bytes of the answer; 0: before any. */
export type Cut = (path: string) => number | undefined

export interface CuttingProxy {
  readonly url: string
  /** Decides from now on. */
  cut: Cut
  /** How many requests had a path with this in it. */
  readonly count: (part: string) => number
  readonly close: () => Promise<void>
}

/** Passes requests on to a server, and cuts connections in the middle, as networks do. */
export async function startCuttingProxy(target: string): Promise<CuttingProxy> {
  const { hostname, port } = new URL(target)
  const sockets = new Set<Socket>()
  const paths: string[] = []
  const server = createServer((near) => {
    const far = connect(Number(port), hostname)
    let left = Infinity
    const end = (): void => {
      near.resetAndDestroy()
      far.destroy()
    }
    for (const socket of [near, far]) {
      sockets.add(socket)
      socket.on('error', end)
      socket.on('close', () => {
        sockets.delete(socket)
        end()
      })
    }
    near.on('data', (chunk) => {
      const [, path] = /^(?:GET|POST|DELETE) (\S+) HTTP/.exec(chunk.toString('latin1', 0, 2000)) ?? []
      if (path !== undefined) {
        paths.push(path)
        left = proxy.cut(path) ?? Infinity
        if (left === 0) return end()
      }
      far.write(chunk)
    })
    far.on('data', (chunk) => {
      near.write(left < chunk.length ? chunk.subarray(0, left) : chunk, () => {
        if (left < 0) end()
      })
      left -= chunk.length
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const proxy: CuttingProxy = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    cut: () => undefined,
    count: (part) => paths.filter((path) => path.includes(part)).length,
    async close() {
      const closed = once(server, 'close')
      server.close()
      for (const socket of sockets) socket.destroy()
      await closed
    },
  }
  return proxy
}
