import { once } from 'node:events'
import { createServer } from 'node:http'
import type { ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { onTestFinished } from 'vitest'

/** A server of lists, each of which comes when the test lets it. */
export interface GatedLists {
  /** Of a list with this name. */
  url(name: string): string
  /** Resolves when somebody waits for a list. */
  asked(name: string): Promise<void>
  /** Whether somebody waits for a list now. */
  waits(name: string): boolean
  /** Sends a list to whoever waits for it, and from now on to whoever asks. */
  open(name: string, text: string): void
}

export async function startGatedLists(): Promise<GatedLists> {
  const texts = new Map<string, string>()
  const waiting = new Map<string, Set<ServerResponse>>()
  const news: (() => void)[] = []
  const waitersOf = (name: string): Set<ServerResponse> => {
    const there = waiting.get(name) ?? new Set()
    waiting.set(name, there)
    return there
  }
  const send = (response: ServerResponse, text: string): void => {
    response.writeHead(200, { 'Content-Type': 'text/plain', 'Cache-Control': 'no-store' }).end(text)
  }
  const server = createServer((request, response) => {
    const name = request.url?.slice(1) ?? ''
    const text = texts.get(name)
    if (text !== undefined) return send(response, text)
    const waiters = waitersOf(name).add(response)
    response.on('close', () => waiters.delete(response))
    for (const resolve of news.splice(0)) resolve()
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    server.close()
    server.closeAllConnections()
  })
  const { port } = server.address() as AddressInfo
  const waits = (name: string): boolean => waitersOf(name).size > 0
  return {
    url: (name) => `http://127.0.0.1:${port}/${name}`,
    waits,
    async asked(name) {
      while (!waits(name)) await new Promise<void>((resolve) => news.push(resolve))
    },
    open(name, text) {
      texts.set(name, text)
      for (const response of waitersOf(name)) send(response, text)
    },
  }
}
