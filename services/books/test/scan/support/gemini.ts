import { once } from 'node:events'
import { createServer } from 'node:http'
import type { IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { json } from 'node:stream/consumers'
import { onTestFinished } from 'vitest'

export interface Asked {
  readonly path: string
  readonly key: string | undefined
  readonly body: {
    readonly contents: readonly { readonly parts: readonly { readonly text?: string; readonly inlineData?: { readonly data: string } }[] }[]
    readonly generationConfig: { readonly responseMimeType: string; readonly responseJsonSchema: unknown }
  }
}

interface Answer {
  readonly status?: number
  readonly text: string
}

/** A stand-in for Gemini's API: answers what it is told to, and keeps what it was asked, and how many went before they were answered. It is stopped with the test. */
export async function startGemini(
  answer: (asked: Asked) => Answer | Promise<Answer>,
): Promise<{ baseUrl: string; asked: Asked[]; gone: () => number }> {
  const asked: Asked[] = []
  let gone = 0
  const server = createServer((request, response) => {
    response.on('close', () => (gone += response.writableEnded ? 0 : 1))
    void keep(request).then(async (one) => {
      asked.push(one)
      const { status = 200, text } = await answer(one)
      const error = { error: { code: status, message: `quota of key ${one.key} is over`, status: 'RESOURCE_EXHAUSTED' } }
      const found = { candidates: [{ content: { role: 'model', parts: [{ text }] }, finishReason: 'STOP' }] }
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(status === 200 ? found : error))
    })
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return { baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked, gone: () => gone }
}

async function keep(request: IncomingMessage): Promise<Asked> {
  const key = request.headers['x-goog-api-key']
  return { path: request.url ?? '', key: typeof key === 'string' ? key : undefined, body: (await json(request)) as Asked['body'] }
}
