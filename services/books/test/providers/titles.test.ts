import { expect, test } from 'vitest'
import { editions, isbnOf, type Facts } from '../support/stand-in/books.mjs'
import { answersTo, setup } from './support/setup.js'

const SHELF: Facts[] = [
  ['Dune', 'Frank Herbert', undefined],
  ['Dune Messiah', 'Frank Herbert', undefined],
  ['Dune: House Atreides', 'Brian Herbert', undefined],
  ['Sapiens', 'Yuval Noah Harari', 'A Brief History of Humankind'],
  ['The Hobbit', 'J. R. R. Tolkien', undefined],
  ['The Stand', 'Stephen King', undefined],
  ['The Stand', 'Anna Otherwise', undefined],
  ['Knights, Volume 1', 'Ada Writer', undefined],
  ['Knights, Volume 2', 'Ada Writer', undefined],
].map(([title = '', author = '', subtitle], at) => ({
  isbn13: isbnOf(at + 1),
  title,
  authors: [author],
  publisher: 'Press',
  date: 'May 2, 1990',
  pages: 300,
  subjects: ['Fiction'],
  language: 'eng',
  number: at + 1,
  ...(subtitle !== undefined && { subtitle }),
}))

const FOUND: readonly (readonly [title: string, author: string | undefined, isbn: string])[] = [
  ['Dune', 'Frank Herbert', isbnOf(1)],
  ['dune', 'Herbert, Frank', isbnOf(1)],
  ['Dune Messiah', 'F. Herbert', isbnOf(2)],
  ['Sapiens: A Brief History of Humankind', 'Harari', isbnOf(4)],
  ['Sapiens', 'Yuval Noah Harari', isbnOf(4)],
  ['The Hobbit (Middle-earth, #0)', 'J.R.R. Tolkien', isbnOf(5)],
  ['Hobbit, The', 'JRR Tolkien', isbnOf(5)],
  ['The Hobbbit', 'J.R.R. Tolkien', isbnOf(5)],
  ['The Stand', 'Stephen King', isbnOf(6)],
  ['Knights, Volume 2', 'Ada Writer', isbnOf(9)],
  ['Sapiens: A Brief History of Humankind', undefined, isbnOf(4)],
]

test.each(['open_library', 'isbndb', 'google_books'] as const)('books are found by title and author, the right one: %s', async (name) => {
  const { enricher } = await setup({ books: SHELF, names: [name] })
  const queries = FOUND.map(([title, author]) => ({ title, author }))
  const answers = await answersTo(enricher, queries)
  // What a provider's own search does not find for a letter too many is not judged here.
  const searched = answers.filter(({ candidates, found }) => found || candidates !== undefined)
  expect(searched.length).toBeGreaterThanOrEqual(FOUND.length - 1)
  expect(searched.map(({ index, found, book }) => [FOUND[index]?.[0], found, book?.isbn])).toEqual(
    searched.map(({ index }) => [FOUND[index]?.[0], true, FOUND[index]?.[2]]),
  )
  for (const { confidence, provider } of searched) {
    expect(confidence).toBeGreaterThanOrEqual(0.8)
    expect(provider).toBe(name)
  }
})

const DOUBTFUL: readonly (readonly [title: string, author: string | undefined, why: string])[] = [
  ['Dune', 'Somebody Else', 'another author'],
  ['Dune Heretics', 'Frank Herbert', 'another title of the author'],
  ['Knights, Volume 3', 'Ada Writer', 'another volume'],
  ['Dune Messiah', undefined, 'a short title, and nobody says whose'],
  ['The Stand', undefined, 'two books of that title, and nobody says whose'],
]

test.each(DOUBTFUL)('"%s" by %s is not found, with who might be meant: %s', async (title, author) => {
  const { enricher, openLibrary } = await setup({ books: SHELF, names: ['open_library'] })
  const { known } = openLibrary
  openLibrary.known = { ...known, byTitle: (asked) => known.byTitle(asked, '') }
  const [answer] = await answersTo(enricher, [{ title, author }])
  expect(answer).toMatchObject({ found: false })
  expect(answer?.book).toBeUndefined()
  expect(answer?.candidates?.length).toBeGreaterThan(0)
  expect(answer?.confidence).toBe(answer?.candidates?.[0]?.confidence)
})

test('the bar is a setting, and at most five candidates are told', async () => {
  const { enricher, another } = await setup({ books: editions(20), names: ['open_library', 'isbndb'] })
  const query = { title: 'The Chronicle of Year 100', author: 'Ada Writer3' }
  const [answer] = await answersTo(enricher, [query])
  expect(answer?.found).toBe(false)
  expect(answer?.candidates?.length).toBeLessThanOrEqual(5)
  const [bold] = await answersTo(another({ settings: { confidenceBar: 0.3 } }), [query])
  expect(bold?.found).toBe(true)
  expect(() => another({ settings: { confidenceBar: 2 } })).toThrow('confidenceBar must be a number from 0 to 1')
})
