import sharp from 'sharp'
import { describe, expect, it } from 'vitest'
import { onceForTests } from '../../../../test/support/for-tests.js'
import { scanAll, shelf, startScanner } from './support/scan.js'

/** None of the photos that can be read is as large. */
const MAX_PHOTO_BYTES = 4 * 1000 * 1000

const shared = onceForTests(async (atEnd) => startScanner({ maxPhotoBytes: MAX_PHOTO_BYTES }, atEnd))

/** The beginning of a HEIC file, as a phone writes it. */
const HEIC = Buffer.concat([Buffer.from([0, 0, 0, 24]), Buffer.from('ftypheic\0\0\0\0mif1heic'), Buffer.alloc(100)])

async function huge(): Promise<Buffer> {
  return sharp({ create: { width: 10_000, height: 10_000, channels: 3, background: '#fff' } })
    .png({ compressionLevel: 6 })
    .toBuffer()
}

describe('photos that can’t be read', () => {
  it('have a code each, and cost no other photo of the scan', async () => {
    const { jpeg, truth } = shelf('few')
    const photos: readonly (readonly [string, Buffer])[] = [
      ['PHOTO_EMPTY', Buffer.alloc(0)],
      ['PHOTO_TYPE_UNSUPPORTED', Buffer.from('%PDF-1.7 not a photo')],
      ['PHOTO_TYPE_UNSUPPORTED', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>')],
      ['PHOTO_DAMAGED', jpeg.subarray(0, jpeg.length / 2)],
      ['PHOTO_DAMAGED', jpeg.subarray(0, 20)],
      ['PHOTO_HEIC_UNSUPPORTED', HEIC],
      ['PHOTO_TOO_LARGE', Buffer.concat([jpeg, Buffer.alloc(MAX_PHOTO_BYTES)])],
      ['PHOTO_TOO_MANY_PIXELS', await huge()],
    ]
    const { events, results } = await scanAll(shared(), [...photos.map(([, bytes]) => bytes), jpeg])
    const failed = events.filter((event) => event.type === 'photo_failed')
    expect(failed.map(({ photo, code }) => [photo, code])).toEqual(photos.map(([code], photo) => [photo, code]))
    expect(failed.find(({ code }) => code === 'PHOTO_HEIC_UNSUPPORTED')?.message).toContain('JPEG')
    expect(results).toHaveLength(truth.spines.length)
    expect(results.every(({ photo }) => photo === photos.length)).toBe(true)
  })

  it('are read as PNG and as WebP too', async () => {
    const { jpeg, truth } = shelf('few')
    const photos = [await sharp(jpeg).png().toBuffer(), await sharp(jpeg).webp({ quality: 80 }).toBuffer()]
    const { results } = await scanAll(shared(), photos)
    for (const photo of [0, 1]) {
      const found = results.filter((result) => result.photo === photo && result.title !== null)
      expect(found).toHaveLength(truth.spines.filter(({ known }) => known).length)
    }
  })

  it('have no books where there are none', async () => {
    const wall = await sharp({ create: { width: 900, height: 600, channels: 3, background: '#987' } })
      .jpeg()
      .toBuffer()
    const { events, results } = await scanAll(shared(), [wall])
    expect(results).toEqual([])
    expect(events).toContainEqual({ type: 'photo_done', photo: 0, spines: 0, titles: 0 })
  })
})
