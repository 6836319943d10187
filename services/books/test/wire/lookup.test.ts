import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, test } from 'vitest'
import { onceForTests } from '../../../../test/support/for-tests.js'
import { start } from '../support/start.js'

const KNOWN = '9780618346257'
const UNKNOWN = '9780000000002'

/** A server whose provider and whose embeddings are down. */
const server = onceForTests(async (atEnd) => {
  const broken = createServer((_, response) => response.writeHead(500).end())
  await new Promise<void>((resolve) => broken.listen(0, '127.0.0.1', resolve))
  atEnd(() => new Promise((resolve) => void broken.close(() => resolve())))
  const baseUrl = `http://127.0.0.1:${(broken.address() as AddressInfo).port}`
  const settings = { lingerMs: 0, retries: 0, breakerFailures: 1000 }
  return start({ atEnd, providers: { openLibrary: { baseUrl }, settings }, embeddings: { openAi: { baseUrl } } })
})

describe('where others are down', () => {
  test('a search by meaning is one by words', async () => {
    const { json } = server()
    const byMeaning = await json('/v3/books/search?q=fellowship%20ring&mode=semantic')
    expect(byMeaning.data).toEqual((await json('/v3/books/search?q=fellowship%20ring')).data)
    expect(byMeaning.data).toMatchObject({ books: [{ isbn: KNOWN }] })
  })

  test('books without their embeddings are not what was asked for', async () => {
    const answer = await server().ask('/v3/books/enrich', { json: { isbns: [KNOWN], includeEmbedding: true } })
    expect(answer.status).toBe(502)
    expect(await answer.json()).toMatchObject({ error: { code: 'API_ERROR', retryable: true } })
  })

  test('editions that nobody could be asked for are no answer', async () => {
    const answer = await server().ask('/v3/books/enrich', { json: { isbns: [UNKNOWN] } })
    expect(answer.status).toBe(502)
    expect(await answer.json()).toMatchObject({ error: { code: 'API_ERROR', retryable: true } })
  })

  test('some of them are: it says which are missing, and why', async () => {
    const { data } = await server().json('/v3/books/enrich', { json: { isbns: [UNKNOWN, KNOWN, '123'] } })
    expect(data).toMatchObject({
      books: [{ isbn: KNOWN }],
      found: 1,
      requested: 3,
      errors: [
        { isbn: UNKNOWN, code: 'API_ERROR', retryable: true },
        { isbn: '123', code: 'VALIDATION_ERROR', retryable: false },
      ],
    })
  })
})
