import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { json } from 'node:stream/consumers'
import type { Book } from '@headway/books'
import { createGoogleEmbeddings, createOpenAiEmbeddings, rankByMeaning, type EmbeddingProvider } from '@headway/books/providers'
import { expect, onTestFinished, test } from 'vitest'

const KEY = 'stand-in-embeddings-key'
const NOBODY = new AbortController().signal

/** Both APIs in their true shapes. The vector of a text says how often it has these words. */
async function serveEmbeddings(change: (answer: object) => object = (answer) => answer) {
  const vectorOf = (text: string) => ['sea', 'war', 'love'].map((word) => text.toLowerCase().split(word).length - 1)
  const requests: { url: string; authorized: boolean }[] = []
  const server = createServer((request, response) => {
    void (async () => {
      const body = (await json(request)) as { input?: string[]; requests?: { content: { parts: { text: string }[] } }[] }
      const { authorization, 'x-goog-api-key': googleKey } = request.headers
      requests.push({ url: request.url ?? '', authorized: authorization === `Bearer ${KEY}` || googleKey === KEY })
      const texts = body.input ?? body.requests?.map(({ content }) => content.parts[0]?.text ?? '') ?? []
      const data = texts.map((text, index) => ({ object: 'embedding', index, embedding: vectorOf(text) })).toReversed()
      const answer = body.input === undefined ? { embeddings: texts.map((text) => ({ values: vectorOf(text) })) } : { object: 'list', data }
      response.setHeader('content-type', 'application/json').end(JSON.stringify(change(answer)))
    })()
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => void server.close().closeAllConnections())
  return { baseUrl: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`, requests }
}

const KINDS = {
  openai: (baseUrl: string) => createOpenAiEmbeddings({ baseUrl: `${baseUrl}/v1`, key: KEY }),
  google: (baseUrl: string) => createGoogleEmbeddings({ baseUrl, key: KEY }),
} satisfies Record<string, (baseUrl: string) => EmbeddingProvider>

const PATHS = { openai: '/v1/embeddings', google: '/v1beta/models/gemini-embedding-001:batchEmbedContents' }

const bookOf = (title: string, description: string): Book => ({
  isbn: '',
  title,
  authors: [],
  description,
  provider: 'alexandria',
  quality: 50,
})

test.each(['openai', 'google'] as const)('books are ranked by their meaning: %s', async (kind) => {
  const { baseUrl, requests } = await serveEmbeddings()
  const provider = KINDS[kind](baseUrl)
  onTestFinished(() => provider.close())
  const books = [bookOf('One', 'war and war'), bookOf('Two', 'love at sea'), bookOf('Three', 'sea, sea, sea'), bookOf('Four', '')]
  const ranked = await rankByMeaning(provider, 'the sea', books, NOBODY)
  expect(ranked.map(({ book }) => book.title)).toEqual(['Three', 'Two', 'One', 'Four'])
  expect(ranked[0]?.confidence).toBeCloseTo(1)
  expect(requests).toEqual([{ url: PATHS[kind], authorized: true }])
  expect(await rankByMeaning(provider, 'the sea', [], NOBODY)).toEqual([])
})

test.each(['openai', 'google'] as const)('an answer with too few vectors is an error, without the key: %s', async (kind) => {
  const { baseUrl } = await serveEmbeddings(() => ({ data: [], embeddings: [] }))
  const provider = KINDS[kind](baseUrl)
  onTestFinished(() => provider.close())
  const failed = await provider.embed(['a', 'b'], NOBODY).catch((error: unknown) => error)
  expect(failed).toMatchObject({ code: 'API_ERROR' })
  expect(String(failed)).toMatch(/one vector for each text/)
  expect(String(failed)).not.toContain(KEY)
})
