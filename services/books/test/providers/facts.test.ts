import { expect, test } from 'vitest'
import { isbnOf, type Facts } from '../support/stand-in/books.mjs'
import { answersTo, setup } from './support/setup.js'

const ISBN = isbnOf(1)

/** What becomes of one edition of Open Library. */
async function bookFrom(facts: Partial<Facts>, change: object = {}) {
  const { enricher, openLibrary } = await setup({
    books: [{ isbn13: ISBN, title: 'Title', authors: ['A'], ...facts }],
    names: ['open_library'],
  })
  openLibrary.lie = ({ json }) => ({ json: { [`ISBN:${ISBN}`]: { ...(json as Record<string, object>)[`ISBN:${ISBN}`], ...change } } })
  const [answer] = await answersTo(enricher, [{ isbn: ISBN }])
  return answer?.book
}

const DATES: Readonly<Record<string, string | undefined>> = {
  'September 6, 2006': '2006-09-06',
  '6 Sep 2006': '2006-09-06',
  'Sept. 2006': '2006-09',
  '2006-09-06T00:00:01Z': '2006-09-06',
  '2006-09': '2006-09',
  c1998: '1998',
  '05/12/1999': '1999',
  '[1885?]': '1885',
  'Smarch 13, 1999': '1999',
  'no date': undefined,
}

test('dates are as the wire has them, and nothing is guessed', async () => {
  const found = await Promise.all(Object.keys(DATES).map(async (date) => [date, (await bookFrom({ date }))?.publishedDate]))
  expect(Object.fromEntries(found)).toEqual(DATES)
})

test('a book fits into an event, however long its texts are', async () => {
  const long = '\u{10ffff}'.repeat(8000)
  const book = await bookFrom({
    title: long,
    subtitle: long,
    publisher: long,
    authors: Array.from({ length: 60 }, (_, at) => `${String(at)} ${long.slice(0, 400)}`),
    subjects: Array.from({ length: 60 }, (_, at) => `${String(at)} ${long.slice(0, 400)}`),
  })
  expect(book?.title.length).toBeGreaterThan(100)
  // Of a letter that was cut in two there is no UTF-8.
  expect(() => encodeURIComponent(book?.title ?? '')).not.toThrow()
  expect(Buffer.byteLength(JSON.stringify(book))).toBeLessThan(48 * 1024)
})

test('what makes no sense is left out: pages, covers elsewhere, subjects that are marks for programs', async () => {
  const cover = { small: 'javascript:alert(1)', medium: 'https://example.org/m.jpg', large: 'https://example.org/l.jpg' }
  const book = await bookFrom({ pages: -5, subjects: ['Fiction', 'nyt:x=1', ' Fiction '] }, { cover })
  expect(book).toMatchObject({ title: 'Title', categories: ['Fiction'] })
  expect(book).not.toHaveProperty('pageCount')
  expect(book).not.toHaveProperty('coverUrl')
})
