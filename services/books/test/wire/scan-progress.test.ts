import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { startGemini } from '../scan/support/gemini.js'
import { start, textsOf } from '../support/start.js'

const PHOTO = new URL('../scan/fixtures/few.jpg', import.meta.url)
const box = { top: 100, left: 500, bottom: 900, right: 550 }

test('after the first of two photos a scan is half done, for whoever asks and whoever listens', async () => {
  const books = ['One', 'Two', 'Three'].map((title) => ({ text: title, title, authors: [], confidence: 0.9, box }))
  let isFirst = true
  const { baseUrl } = await startGemini(() => {
    if (!isFirst) return new Promise(() => {})
    isFirst = false
    return { text: JSON.stringify({ books }) }
  })
  const { json, engine, ask } = await start({ vision: { apiKey: 'secret', baseUrl } })
  const form = new FormData()
  for (const name of ['0.jpg', '1.jpg']) form.append('photos[]', new Blob([await readFile(PHOTO)], { type: 'image/jpeg' }), name)
  const { jobId, token } = textsOf((await json('/v3/jobs/scans', { body: form })).data, 'jobId', 'token')

  const half = { progress: 0.5, processedCount: 3, totalCount: 3 }
  await expect.poll(async () => (await json(`/v3/jobs/scans/${jobId}`, { token })).data, { timeout: 30_000 }).toMatchObject(half)
  const lastOfLog = async (): Promise<unknown> => {
    const { events } = await engine.read(jobId, { after: 0, types: ['book', 'step'], maxEvents: 100, maxBytes: 65_536 })
    return events.at(-1)?.data
  }
  await expect.poll(lastOfLog).toMatchObject({ done: 3, total: 3, progress: 0.5, detail: { photo: 1, step: 'started' } })
  expect((await ask(`/v3/jobs/scans/${jobId}`, { method: 'DELETE', token })).status).toBe(200)
})
