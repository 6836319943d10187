import { once } from 'node:events'
import { createServer } from 'node:http'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { onTestFinished } from 'vitest'

export interface SourceServer {
  readonly url: string
  /** Paths that were asked for, each time. */
  readonly asked: string[]
}

/** A web server of the test's own, which goes with it. @param answers by path; an answer that is not ended stays open */
export async function sourceServer(
  answers: Readonly<Record<string, (response: ServerResponse, request: IncomingMessage) => void>>,
): Promise<SourceServer> {
  const asked: string[] = []
  const server = createServer((request, response) => {
    asked.push(request.url ?? '')
    const answer = answers[request.url ?? '']
    if (answer === undefined) response.writeHead(404).end()
    else answer(response, request)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    server.close()
    server.closeAllConnections()
  })
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked }
}

/** A text as a list is served. */
export function listOf(text: string, headers: Readonly<Record<string, string>> = {}): (response: ServerResponse) => void {
  return (response) => void response.writeHead(200, { 'Content-Type': 'text/plain; charset=utf-8', ...headers }).end(text)
}
