import { expect, onTestFinished, test } from 'vitest'
import { HELD, startHeld } from '../support/held.js'
import { csvForm, start, textsOf } from '../support/start.js'
import type { Running } from '../support/start.js'

const BATCH = '/v3/jobs/enrichment'
const HELD_BATCH = { isbns: [HELD.isbn13] }
const CSV = `Title,ISBN13\nHeld,${HELD.isbn13}\n`

async function begin({ json }: Running): Promise<{ readonly jobId: string; readonly token: string }> {
  return textsOf((await json(BATCH, { json: HELD_BATCH })).data, 'jobId', 'token')
}

test('an address has so many jobs open at a time and no more, of any kind; keys have no limit', async () => {
  const server = await startHeld(onTestFinished, { maxOpen: 2 })
  const first = await begin(server)
  expect((await server.ask('/v3/jobs/imports', { body: csvForm(CSV) })).status).toBe(202)
  const refused = await server.ask(BATCH, { json: HELD_BATCH })
  expect(refused.status).toBe(429)
  expect(await refused.json()).toMatchObject({
    error: { code: 'TOO_MANY_OPEN', message: expect.stringContaining('cancel'), retryable: true },
  })
  for (const path of ['/v3/jobs/imports', '/api/v2/imports']) expect((await server.ask(path, { body: csvForm(CSV) })).status).toBe(429)
  expect((await server.ask(BATCH, { json: HELD_BATCH, key: 'run' })).status).toBe(202)
  await server.ask(`${BATCH}/${first.jobId}`, { method: 'DELETE', token: first.token })
  await expect.poll(async () => (await server.ask(BATCH, { json: HELD_BATCH })).status).toBe(202)
})

test('a repetition opens nothing: it gets the job that there is', async () => {
  const server = await startHeld(onTestFinished, { maxOpen: 1 })
  const jobId = crypto.randomUUID()
  const asked = { json: { ...HELD_BATCH, jobId }, headers: { 'Idempotency-Key': 'a-key-that-nobody-else-has' } }
  const both = await Promise.all([server.json(BATCH, asked), server.json(BATCH, asked)])
  expect(both.map(({ data }) => data['jobId'])).toEqual([jobId, jobId])
  expect((await server.json(BATCH, asked)).data).toMatchObject({ jobId })
  expect((await server.ask(BATCH, { json: HELD_BATCH })).status).toBe(429)
  const { token } = textsOf(both[0].data, 'token')
  await server.ask(`${BATCH}/${jobId}`, { method: 'DELETE', token })
  await expect.poll(async () => (await server.ask(BATCH, { json: HELD_BATCH })).status).toBe(202)
})

test('what could not be made takes no place', async () => {
  const { ask } = await start({ maxOpen: 1 })
  for (let n = 0; n < 3; n += 1) expect((await ask('/v3/jobs/imports', { body: csvForm('') })).status).toBe(400)
  expect((await ask('/v3/jobs/imports', { body: csvForm('Title\nEmma\n') })).status).toBe(202)
})

test('what an earlier server left open counts', async () => {
  const before = await start({ maxOpen: 1, engine: { concurrency: 0 } })
  expect((await before.ask('/v3/jobs/imports', { body: csvForm(CSV) })).status).toBe(202)
  await before.stop()
  const { ask } = await start({ maxOpen: 1, folder: before.folder, engine: { concurrency: 0 } })
  expect((await ask('/v3/jobs/imports', { body: csvForm(CSV) })).status).toBe(429)
})

test('so many scans wait in all', async () => {
  const server = await start({ maxOpenScans: 1 })
  const scan = (): Promise<Response> => {
    const form = new FormData()
    form.append('photos[]', new Blob(['no picture']), 'shelf.jpg')
    return server.ask('/v3/jobs/scans', { body: form })
  }
  const answers = await Promise.all([scan(), scan(), scan()])
  expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([202, 503, 503])
  await expect.poll(async () => (await scan()).status).toBe(202)
})

test('nobody but the service says whose a job is', async () => {
  const { ask } = await start()
  const input = { books: [{ isbn: HELD.isbn13 }], owner: 'somebody' }
  const answer = await ask('/jobs/books-enrichment', { json: input, key: 'run' })
  expect(answer.status).toBe(400)
})

test('a batch of the native API is no larger than one of the contract', async () => {
  const { ask } = await start({ maxBatch: 2 })
  const books = Array.from({ length: 3 }, () => ({ isbn: HELD.isbn13 }))
  expect((await ask('/jobs/books-enrichment', { json: { books }, key: 'run' })).status).toBe(400)
  expect((await ask('/jobs/books-enrichment', { json: { books: books.slice(1) }, key: 'run' })).status).toBeLessThan(300)
})
