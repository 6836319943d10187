import { askColumns } from '@headway/books/scan'
import sharp from 'sharp'
import { describe, expect, it } from 'vitest'
import { startGemini } from './support/gemini.js'
import { scanAll, shelf, startScanner } from './support/scan.js'

const KEY = 'a-key-that-stays-secret'
const box = { top: 100, left: 500, bottom: 900, right: 550 }

describe('photos read by Gemini', () => {
  it('give results of the same shape, with ISBNs from the catalog', async () => {
    const books = [
      { text: 'THE HOBBIT J.R.R. TOLKIEN', title: 'The Hobbit', authors: ['J.R.R. Tolkien'], confidence: 0.9, box },
      { text: 'Salt Roads North', title: 'Salt Roads North', authors: [], confidence: 0.7, box },
      { text: '???', title: null, authors: [], confidence: 0.2, box },
    ]
    const { baseUrl, asked } = await startGemini(() => ({ text: JSON.stringify({ books }) }))
    const { jpeg, truth } = shelf('few-turned')
    const { results } = await scanAll(startScanner({ vision: { apiKey: KEY, baseUrl } }), [jpeg])
    const boundingBox = {
      x: Math.round(truth.width / 2),
      y: Math.round(truth.height / 10),
      width: Math.round(truth.width * 0.05),
      height: Math.round(truth.height * 0.8),
    }
    expect(results).toEqual([
      {
        photo: 0,
        title: 'The Hobbit',
        authors: ['J.R.R. Tolkien'],
        isbn: expect.stringMatching(/^978/),
        text: books[0]?.text,
        confidence: 0.9,
        boundingBox,
      },
      { photo: 0, title: 'Salt Roads North', authors: [], isbn: null, text: 'Salt Roads North', confidence: 0.7, boundingBox },
      { photo: 0, title: null, authors: [], isbn: null, text: '???', confidence: 0, boundingBox },
    ])
    expect(asked).toMatchObject([{ key: KEY, path: expect.stringContaining(':generateContent') }])
    const sent = asked[0]?.body.contents[0]?.parts[0]?.inlineData?.data ?? ''
    expect(await sharp(Buffer.from(sent, 'base64')).metadata()).toMatchObject({ format: 'jpeg', width: truth.width, height: truth.height })
  })

  it.each([
    ['no JSON', { text: 'Here are your books!' }, 'VISION_ANSWER_INVALID', true],
    ['another shape', { text: '{"books":[{"title":7}]}' }, 'VISION_ANSWER_INVALID', true],
    [
      'boxes outside',
      { text: JSON.stringify({ books: [{ text: '', title: null, authors: [], confidence: 0, box: { ...box, top: -5 } }] }) },
      'VISION_ANSWER_INVALID',
      true,
    ],
    ['status 400', { status: 400, text: '' }, 'VISION_FAILED', false],
  ])('fail with a code after an answer with %s, and tell no key', async (_, answer, code, retryable) => {
    const { baseUrl } = await startGemini(() => answer)
    const failure = scanAll(startScanner({ vision: { apiKey: KEY, baseUrl } }), [shelf('few').jpeg])
    await expect(failure).rejects.toMatchObject({ code, retryable })
    await expect(failure).rejects.not.toMatchObject({ message: expect.stringContaining(KEY) })
  })
})

describe('columns named by Gemini', () => {
  const header = ['Buch', 'Wer', 'Nr']
  const rows = [['Der Prozess', 'Franz Kafka', '9783596907274']]

  it('are a mapping by the names of the header', async () => {
    const columns = [
      { field: 'title', index: 0 },
      { field: 'isbn13', index: 2 },
      { field: 'rating', index: 9 },
      { field: 'none', index: 1 },
    ]
    const { baseUrl, asked } = await startGemini(() => ({ text: JSON.stringify({ columns }) }))
    expect(await askColumns({ apiKey: KEY, baseUrl })(header, rows, undefined)).toEqual({ title: 'Buch', isbn13: 'Nr' })
    expect(asked[0]?.body.contents[0]?.parts[0]?.text).toContain('Franz Kafka')
  })

  it('are unknown where no answer can be had', async () => {
    const { baseUrl } = await startGemini(() => ({ status: 403, text: '' }))
    expect(await askColumns({ apiKey: KEY, baseUrl })(header, rows, undefined)).toBeUndefined()
  })

  it('are asked for no longer than somebody waits', async () => {
    const reason = new Error('nobody wants it')
    const stop = new AbortController()
    const { baseUrl, gone } = await startGemini(() => {
      stop.abort(reason)
      return new Promise(() => {})
    })
    await expect(askColumns({ apiKey: KEY, baseUrl })(header, rows, stop.signal)).rejects.toBe(reason)
    await expect.poll(gone).toBe(1)
  })
})
