import type { ScanResult } from '@headway/books/scan'
import sharp from 'sharp'
import { describe, expect, it } from 'vitest'
import { shelf, startScanner } from './support/scan.js'

const result: ScanResult = {
  photo: 0,
  title: '<b>Tom & "Jerry"</b>\u0000 ]]>',
  authors: ['Nobody'],
  isbn: null,
  text: 'TOM',
  confidence: 0.9,
  boundingBox: { x: 100, y: 100, width: 200, height: 600 },
}

describe('an annotated picture', () => {
  it('is the photo upright, with a frame where the book is', async () => {
    const { jpeg, truth } = shelf('few-turned')
    const picture = await startScanner().annotate(jpeg, [result, { ...result, title: null, polygon: [] }])
    const { data, info } = await sharp(picture).raw().toBuffer({ resolveWithObject: true })
    expect([info.width, info.height]).toEqual([truth.width, truth.height])
    const at = (x: number, y: number): number[] => [...data.subarray((y * info.width + x) * 3, (y * info.width + x) * 3 + 3)]
    const [red, green, blue] = at(300, 500)
    expect(green).toBeGreaterThan(140)
    expect(red).toBeLessThan(90)
    expect(blue).toBeLessThan(160)
  })

  it('of a photo that is too large is a smaller one', async () => {
    const white = { create: { width: 4000, height: 2000, channels: 3, background: '#fff' } } as const
    const picture = await startScanner().annotate(await sharp(white).jpeg().toBuffer(), [])
    const { width, height, format } = await sharp(picture).metadata()
    expect({ width, height, format }).toEqual({ width: 1600, height: 800, format: 'jpeg' })
  })

  it('of a photo that is cut off is an error', async () => {
    const { jpeg } = shelf('few')
    await expect(startScanner().annotate(jpeg.subarray(0, 9000), [])).rejects.toMatchObject({ code: 'PHOTO_DAMAGED' })
  })
})
