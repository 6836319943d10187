import { expect, it } from 'vitest'
import { start } from '../support/start.js'

it('books with embeddings count as searches by meaning do: both may cost the operator money', async () => {
  const limits = { api: false, 'books-search': false, 'books-semantic': { requests: 1, windowSeconds: 600 } } as const
  const { ask } = await start({ server: { limits } })
  const enrich = async (includeEmbedding: boolean) =>
    (await ask('/v3/books/enrich', { json: { isbns: ['9780618346257'], includeEmbedding } })).status
  expect([await enrich(false), await enrich(true), await enrich(true), await enrich(false)]).toEqual([200, 200, 429, 200])
  expect((await ask('/v3/books/search?q=ring&mode=semantic')).status).toBe(429)
})
