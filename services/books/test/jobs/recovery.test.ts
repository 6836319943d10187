import { readFile } from 'node:fs/promises'
import type { Engine } from '@headway/core'
import { expect, onTestFinished, test } from 'vitest'
import { startGemini } from '../scan/support/gemini.js'
import { HELD, KNOWN, startHeld } from '../support/held.js'
import { loseLeaseAfter, SHORT_LEASE } from '../support/lose-lease.js'
import { start, textsOf } from '../support/start.js'

const PHOTO = new URL('../scan/fixtures/few.jpg', import.meta.url)
const PER_PHOTO = 6
const box = { top: 100, left: 500, bottom: 900, right: 550 }

/** What a log says of each item, in order. */
async function told(
  engine: Engine,
  id: string,
): Promise<{ title: string; done: number; total: number; detail: { [name: string]: unknown } }[]> {
  const { events } = await engine.read(id, { after: 0, types: ['book'], maxEvents: 1000, maxBytes: 1024 * 1024 })
  return events.map(({ data }) => data as never)
}

test.each([
  ['in the middle of the first photo', 1],
  ['in the middle of the second photo', PER_PHOTO + 1],
])('a scan whose engine is lost %s tells each book once, and pays for each photo once', async (_, books) => {
  // Nobody sees the same twice: an answer that was asked for again would be another one.
  let answers = 0
  const { baseUrl, asked } = await startGemini(() => {
    answers += 1
    const titles = Array.from({ length: PER_PHOTO }, (__, index) => `Answer ${answers}, spine ${index}`)
    return { text: JSON.stringify({ books: titles.map((title) => ({ text: title, title, authors: [], confidence: 0.9, box })) }) }
  })
  const { json, engine } = await start({ vision: { apiKey: 'secret', baseUrl }, engine: SHORT_LEASE })
  const { isLost } = loseLeaseAfter(engine, books)
  const form = new FormData()
  for (const name of ['0.jpg', '1.jpg']) form.append('photos[]', new Blob([await readFile(PHOTO)], { type: 'image/jpeg' }), name)
  const { jobId, token } = textsOf((await json('/v3/jobs/scans', { body: form })).data, 'jobId', 'token')
  const job = await engine.finished(jobId, AbortSignal.timeout(60_000))

  expect(isLost()).toBe(true)
  expect(job.status).toBe('completed')
  expect(asked).toHaveLength(2)
  const items = await told(engine, jobId)
  const titles = [1, 2].flatMap((answer) => Array.from({ length: PER_PHOTO }, (__, index) => `Answer ${answer}, spine ${index}`))
  expect(items.map(({ title }) => title)).toEqual(titles)
  expect(items.map(({ done, total }) => [done, total])).toEqual(titles.map((__, index) => [index + 1, index < PER_PHOTO ? PER_PHOTO : 12]))
  const { data } = await json(`/v3/jobs/scans/${jobId}/results`, { token })
  expect((data['results'] as { title: string }[]).map(({ title }) => title)).toEqual(titles)
  expect(await json(`/v3/jobs/scans/${jobId}`, { token })).toMatchObject({ data: { progress: 1, processedCount: 12, totalCount: 12 } })
  const steps = (await engine.read(jobId, { after: 0, types: ['step'], maxEvents: 100, maxBytes: 65_536 })).events
  expect(steps.map(({ data: step }) => (step as { detail: { step: string } }).detail.step)).toEqual(['started', 'done', 'started', 'done'])
})

test('an enrichment whose engine is lost tells each answer once, and its results have all', async () => {
  const { json, engine, letAnswer } = await startHeld(onTestFinished, { engine: SHORT_LEASE })
  const { isLost } = loseLeaseAfter(engine, 1)
  const isbns = [...KNOWN, HELD].map(({ isbn13 }) => isbn13)
  const { jobId, token } = textsOf((await json('/v3/jobs/enrichment', { json: { isbns } })).data, 'jobId', 'token')
  await expect.poll(isLost).toBe(true)
  letAnswer()
  const job = await engine.finished(jobId, AbortSignal.timeout(60_000))

  expect(job.status).toBe('completed')
  const items = await told(engine, jobId)
  expect(items.map(({ detail }) => Number(detail['index'])).toSorted((a, b) => a - b)).toEqual(isbns.map((_, index) => index))
  expect(items.map(({ done }) => done)).toEqual(isbns.map((_, index) => index + 1))
  const { data } = await json(`/v3/jobs/enrichment/${jobId}/results`, { token })
  expect((data['results'] as { query: { isbn: string } }[]).map(({ query }) => query.isbn)).toEqual(isbns)
})
