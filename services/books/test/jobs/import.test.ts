import { StoreError } from '@headway/core'
import { expect, onTestFinished, test, vi } from 'vitest'
import { startGemini } from '../scan/support/gemini.js'
import { HELD, KNOWN, startHeld } from '../support/held.js'
import { loseLeaseAfter, SHORT_LEASE } from '../support/lose-lease.js'
import { csvForm, start, textsOf } from '../support/start.js'
import type { Running } from '../support/start.js'

/** Columns that nobody knows. */
const STRANGE = ['Foo,Bar', ...Array.from({ length: 150 }, (_, row) => `Book ${row},Somebody`)].join('\n')

async function importOf({ json }: Running, text: string): Promise<{ jobId: string; token: string }> {
  return textsOf((await json('/v3/jobs/imports', { body: csvForm(text) })).data, 'jobId', 'token')
}

/** The rows that the log tells, in its order. */
async function toldRows({ engine }: Running, id: string): Promise<number[]> {
  const { events } = await engine.read(id, { after: 0, types: ['book'], maxEvents: 1000, maxBytes: 1024 * 1024 })
  return events.map(({ data }) => (data as { detail: { row: number } }).detail.row)
}

test.each([
  ['early', 1],
  ['late', 120],
])('an import whose engine is lost %s tells each row once, with the columns that were guessed at first', async (_, rows) => {
  const { baseUrl, asked } = await startGemini(() => {
    const columns = asked.length === 1 ? [{ field: 'title', index: 0 }] : [{ field: 'title', index: 1 }]
    return { text: JSON.stringify({ columns }) }
  })
  const running = await start({ vision: { apiKey: 'secret', baseUrl }, engine: SHORT_LEASE })
  const { isLost } = loseLeaseAfter(running.engine, rows)
  const { jobId, token } = await importOf(running, STRANGE)
  const job = await running.engine.finished(jobId, AbortSignal.timeout(60_000))

  expect(isLost()).toBe(true)
  expect(job.status).toBe('completed')
  expect(asked).toHaveLength(1)
  expect(await toldRows(running, jobId)).toEqual(Array.from({ length: 150 }, (__, row) => row + 2))
  const { data } = await running.json(`/v3/jobs/imports/${jobId}/results`, { token })
  const titles = (data['results'] as { title: string }[]).map(({ title }) => title)
  expect(titles).toEqual(Array.from({ length: 150 }, (__, row) => `Book ${row}`))
  expect(data).toMatchObject({ counts: { rows: 150, imported: 150 }, errors: [] })
})

test('an import that waits for its columns is cancelled at once, and so is the question', async () => {
  const { baseUrl, asked, gone } = await startGemini(() => new Promise(() => {}))
  const running = await start({ vision: { apiKey: 'secret', baseUrl } })
  const { jobId, token } = await importOf(running, STRANGE)
  await expect.poll(() => asked.length).toBe(1)
  await running.ask(`/v3/jobs/imports/${jobId}`, { method: 'DELETE', token })
  const job = await running.engine.finished(jobId, AbortSignal.timeout(10_000))
  expect(job.status).toBe('cancelled')
  await expect.poll(gone).toBe(1)
})

test('a row is told as soon as those before it are known, whatever the providers do', async () => {
  const running = await startHeld(onTestFinished)
  const [first, second] = KNOWN.map(({ isbn13 }) => isbn13)
  const { jobId } = await importOf(running, `Title,ISBN\n,${first}\nNo number,\n,${HELD.isbn13}\n,${second}\n`)
  await expect.poll(() => toldRows(running, jobId)).toEqual([2, 3])
  running.letAnswer()
  expect((await running.engine.finished(jobId, AbortSignal.timeout(10_000))).status).toBe('completed')
  expect(await toldRows(running, jobId)).toEqual([2, 3, 4, 5])
})

test('results that can not be written fail the import, however many there are', async () => {
  const running = await start()
  const { blobs } = running.engine.stores
  const put = blobs.put.bind(blobs)
  let puts = 0
  const spy = vi.spyOn(blobs, 'put').mockImplementation(async (...parameters) => {
    // The first one is the upload.
    if (puts++ === 0) return put(...parameters)
    throw new StoreError('full', 'The disk is full.')
  })
  onTestFinished(() => spy.mockRestore())
  const rows = Array.from({ length: 60 }, (_, row) => `Book ${row},Somebody,${'x'.repeat(30_000)}`)
  const { jobId } = await importOf(running, ['Title,Author,Notes', ...rows].join('\n'))
  expect((await running.engine.finished(jobId, AbortSignal.timeout(30_000))).status).toBe('failed')
})
