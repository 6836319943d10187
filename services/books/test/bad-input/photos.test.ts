import sharp from 'sharp'
import { describe, expect, test } from 'vitest'
import { onceForTests } from '../../../../test/support/for-tests.js'
import { eventsOf } from '../support/sse.js'
import { start } from '../support/start.js'

const PATH = '/v3/jobs/scans'
const MIB = 1024 * 1024
const server = onceForTests((atEnd) => start({ atEnd }))

const plain = (width: number, height: number) => sharp({ create: { width, height, channels: 3, background: '#886644' } })
/** A shelf without books. */
const empty = () => plain(400, 300).png().toBuffer()

function form(...photos: readonly (Buffer | string)[]): FormData {
  const body = new FormData()
  for (const [index, photo] of photos.entries()) body.append('photos[]', new Blob([photo]), `shelf-${index}.jpg`)
  return body
}

async function scan(...photos: readonly (Buffer | string)[]) {
  const { data } = await server().json(PATH, { body: form(...photos) })
  const { jobId, streamUrl, token } = data as unknown as Record<'jobId' | 'streamUrl' | 'token', string>
  const events = await eventsOf(streamUrl)
  const results = await server().json(`${PATH}/${jobId}/results`, { token })
  return { last: events.at(-1), results }
}

describe('refused as it is read', () => {
  test.each([
    ['a photo of 0 bytes', async () => [''], 400, 'EMPTY_FILE'],
    ['a photo of 11 MB', async () => [Buffer.alloc(11 * MIB, 1)], 413, 'FILE_TOO_LARGE'],
    ['six photos', async () => Array.from({ length: 6 }, () => 'photo'), 400, 'VALIDATION_ERROR'],
    ['no photo', async () => [], 400, 'VALIDATION_ERROR'],
  ])('%s', async (_, photos, status, code) => {
    const body = form(...(await photos()))
    if ([...body.keys()].length === 0) body.set('note', 'nothing')
    const answer = await server().ask(PATH, { body })
    expect(answer.status).toBe(status)
    expect(await answer.json()).toMatchObject({ success: false, error: { code } })
  })
})

describe('told of the photo, while the others are read', () => {
  test.each([
    ['is cut off', 'PHOTO_DAMAGED', async () => (await plain(800, 600).jpeg().toBuffer()).subarray(0, 700)],
    ['has 100 megapixels', 'PHOTO_TOO_MANY_PIXELS', () => plain(12_500, 8000).png({ compressionLevel: 9 }).toBuffer()],
    ['is a text', 'PHOTO_TYPE_UNSUPPORTED', () => Promise.resolve('These are my books: Dune, Emma.')],
    ['is a PDF', 'PHOTO_TYPE_UNSUPPORTED', () => Promise.resolve('%PDF-1.7\n1 0 obj')],
  ])('one that %s', async (_, code, bad) => {
    const { last, results } = await scan(await empty(), await bad())
    expect(last?.event).toBe('completed')
    expect(results.data).toMatchObject({ results: [], errors: [{ photo: 1, code, message: expect.any(String) }] })
  })
})

test('where no photo can be read, there are no books and a reason for each photo', async () => {
  const { last, results } = await scan('no photo', 'no photo either')
  expect(last).toMatchObject({ event: 'completed', data: { books: [], found: 0 } })
  const code = 'PHOTO_TYPE_UNSUPPORTED'
  expect(results.data).toMatchObject({
    results: [],
    errors: [
      { photo: 0, code },
      { photo: 1, code },
    ],
  })
})
