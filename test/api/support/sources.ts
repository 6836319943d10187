import { createServer } from 'node:http'
import type { ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { onTestFinished } from 'vitest'

/** A server of filter lists. */
export interface Sources {
  /** A list with these lines, from now on. */
  readonly list: (lines: readonly string[]) => string
  /** Answers 404. */
  readonly missing: string
  /** Never answers. */
  readonly slow: string
}

export async function startSources(): Promise<Sources> {
  let text = ''
  const waiting = new Set<ServerResponse>()
  const server = createServer((request, response) => {
    if (request.url === '/list.txt') response.writeHead(200, { 'Content-Type': 'text/plain', 'Cache-Control': 'no-cache' }).end(text)
    else if (request.url === '/slow.txt') waiting.add(response)
    else response.writeHead(404).end()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(async () => {
    for (const response of waiting) response.destroy()
    await new Promise((resolve) => server.close(resolve))
  })
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    list(lines) {
      text = lines.join('\n')
      return `${base}/list.txt`
    },
    missing: `${base}/missing.txt`,
    slow: `${base}/slow.txt`,
  }
}
