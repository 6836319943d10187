import { describe, expect, test } from 'vitest'
import { onceForTests } from '../../../../test/support/for-tests.js'
import { start, textsOf } from '../support/start.js'

const KNOWN = '9780618346257'
const server = onceForTests((atEnd) => start({ atEnd, access: 'key' }))

describe('where the setting asks for a key', () => {
  test('nobody creates and looks up without one', async () => {
    const { ask } = server()
    expect((await ask('/v3/jobs/enrichment', { json: { isbns: [KNOWN] } })).status).toBe(401)
    expect((await ask('/v1/enrichment/batch', { json: { books: [{ isbn: KNOWN }] } })).status).toBe(401)
    for (const path of [`/v3/books/${KNOWN}`, '/v3/books/search?q=ring', '/v1/search/title?q=ring', '/v3/recommendations/weekly'])
      expect((await ask(path)).status).toBe(401)
    expect((await ask(`/v3/books/${KNOWN}`, { key: 'run' })).status).toBe(200)
  })

  test('whoever has the id reads the status: without a key, and with the token of the job', async () => {
    const { json, ask } = server()
    const { data } = await json('/v3/jobs/enrichment', { json: { isbns: [KNOWN] }, key: 'run' })
    const { jobId, token } = textsOf(data, 'jobId', 'token')
    for (const path of [`/v3/jobs/enrichment/${jobId}`, `/v1/jobs/${jobId}/status`]) {
      expect((await ask(path)).status).toBe(200)
      expect((await ask(path, { token })).status).toBe(200)
    }
  })

  test('what the server can do is for everybody', async () => {
    expect((await server().ask('/v3/capabilities')).status).toBe(200)
  })
})
