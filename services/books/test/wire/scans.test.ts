import { readFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { eventsOf } from '../support/sse.js'
import { start, textsOf } from '../support/start.js'

const FIXTURE = new URL('../scan/fixtures/few.jpg', import.meta.url)

async function photos(count: number): Promise<FormData> {
  const form = new FormData()
  const bytes = await readFile(FIXTURE)
  for (let number = 0; number < count; number++) form.append('photos[]', new Blob([bytes], { type: 'image/jpeg' }), `${number}.jpg`)
  return form
}

describe('a scan', () => {
  it('is streamed spine by spine, and gives its books, with a picture that shows them', async () => {
    const { json, ask } = await start()
    const created = await json('/v3/jobs/scans', { body: await photos(1) })
    const { jobId, streamUrl, token } = textsOf(created.data, 'jobId', 'streamUrl', 'token')
    const events = await eventsOf(streamUrl)
    const last = events.at(-1)!
    expect(last.event).toBe('completed')
    const books = (last.data as { books: { title: string; authors: string[] }[] }).books
    expect(books.length).toBeGreaterThan(0)
    const spines = events.slice(0, -1).filter(({ data }) => data['step'] === undefined)
    const progress = events.slice(0, -1).map(({ data }) => data['progress'] as number)
    expect(progress).toEqual(progress.toSorted((a, b) => a - b))

    const { data } = await json(`/v3/jobs/scans/${jobId}/results`, { token: token })
    const results = (data as unknown as { results: { photo: number; title: string | null; boundingBox: object }[] }).results
    expect(results).toHaveLength(spines.length)
    expect(results.filter(({ title }) => title !== null).map(({ title }) => title)).toEqual(books.map(({ title }) => title))
    for (const { boundingBox } of results) expect(boundingBox).toMatchObject({ x: expect.any(Number), width: expect.any(Number) })

    const picture = await ask(`/v3/jobs/scans/${jobId}/results/annotated/0.jpg`, { token: token })
    expect(picture.headers.get('content-type')).toBe('image/jpeg')
    expect([...new Uint8Array(await picture.arrayBuffer()).subarray(0, 2)]).toEqual([0xff, 0xd8])
    expect((await ask(`/v3/jobs/scans/${jobId}/results/annotated/1.jpg`, { token: token })).status).toBe(404)
  })

  it('takes no more photos than it may', async () => {
    const { json } = await start()
    expect(await json('/api/v2/scans', { body: await photos(6) })).toMatchObject({ error: { code: 'VALIDATION_ERROR' } })
  })

  it('says what is wrong with a photo, and fails nothing else', async () => {
    const { json } = await start()
    const form = await photos(1)
    form.append('photos[]', new Blob(['no picture']), 'notes.jpg')
    const { data } = await json('/v3/jobs/scans', { body: form })
    const { jobId, streamUrl, token } = textsOf(data, 'jobId', 'streamUrl', 'token')
    const events = await eventsOf(streamUrl)
    expect(events.at(-1)).toMatchObject({ event: 'completed', data: { errors: [{ photo: 1 }] } })
    const results = await json(`/v3/jobs/scans/${jobId}/results`, { token: token })
    expect(results.data).toMatchObject({ errors: [{ photo: 1, code: 'PHOTO_TYPE_UNSUPPORTED' }] })
  })
})
