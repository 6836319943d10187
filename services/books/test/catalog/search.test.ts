import { join } from 'node:path'
import { openCatalog } from '@headway/books/catalog'
import type { Catalog } from '@headway/books/catalog'
import { describe, expect, it } from 'vitest'
import { folder, opened } from './support/folder.js'
import { fileWith, manyEditions, takeIn } from './support/take-in.js'

const catalog = openCatalog(':memory:')

async function withVolumes(count: number): Promise<Catalog> {
  const where = await folder()
  const path = join(where, 'catalog.sqlite')
  await takeIn({ catalog: path, file: await fileWith(where, 'dump.txt', manyEditions(count)) })
  return opened(path)
}

function titles(text: string, mode: 'search' | 'similar' = 'search'): string[] {
  return catalog[mode]({ text, page: 1, limit: 10 }).books.map(({ title }) => title)
}

describe('a search', () => {
  it('finds words of titles, authors and subjects together', () => {
    expect(titles('tolkien towers')[0]).toBe('The Two Towers')
    expect(titles('gaiman mythology')).toContain('American Gods')
  })

  it('needs no accents, and understands a word that has only begun', () => {
    expect(titles('bronte')).toEqual(expect.arrayContaining(['Jane Eyre', 'Wuthering Heights']))
    expect(titles('süskind parf')[0]).toBe('Das Parfum')
  })

  it('takes some of the words where no book has all', () => {
    expect(titles('tolkien accounting')).toContain('The Hobbit')
  })

  it('takes letters where no book has any of the words', () => {
    expect(titles('neuromncer')[0]).toBe('Neuromancer')
  })

  it('finds an edition by its ISBN, also an ISBN-10 with hyphens', () => {
    expect(titles('9780439023481')).toEqual(['The Hunger Games'])
    expect(titles('0-439-02348-3')).toEqual(['The Hunger Games'])
  })

  it('gives pages that come to all there are', () => {
    const all = catalog.search({ text: 'fantasy', page: 1, limit: 1000 })
    expect(all.books).toHaveLength(all.total)
    const pages = [1, 2, 3].flatMap((page) => catalog.search({ text: 'fantasy', page, limit: 7 }).books)
    expect(pages).toEqual(all.books.slice(0, 21))
    expect(catalog.search({ text: 'fantasy', page: 1000, limit: 7 })).toEqual({ books: [], total: all.total })
  })

  it('says that there is nothing', () => {
    expect(catalog.search({ text: 'qqqq zzzz', page: 1, limit: 10 })).toEqual({ books: [], total: 0 })
  })
})

describe('a catalog in which thousands of books have the same words', () => {
  it('finds a volume by its number, also of one figure', async () => {
    const numbered = await withVolumes(30)
    expect(numbered.search({ text: 'numbered volume 7', page: 1, limit: 3 }).books[0]?.title).toBe('Numbered volume 7')
    expect(numbered.match({ title: 'A numbered volume 7' })[0]?.book.title).toBe('Numbered volume 7')
  })

  it('looks at no more of them than it says there are, page for page', async () => {
    const numbered = await withVolumes(3000)
    for (const ask of [numbered.search, numbered.similar]) {
      const { total } = ask({ text: 'numbered volume', page: 1, limit: 1 })
      expect(total).toBeGreaterThanOrEqual(1000)
      expect(total).toBeLessThan(3000)
      const pages = Array.from({ length: Math.ceil(total / 100) + 1 }, (_, at) =>
        ask({ text: 'numbered volume', page: at + 1, limit: 100 }),
      )
      const isbns = pages.flatMap(({ books }) => books.map(({ isbn }) => isbn))
      expect([isbns.length, new Set(isbns).size, pages.at(-1)]).toEqual([total, total, { books: [], total }])
    }
    expect(numbered.search({ text: 'numbered volume 2711', page: 1, limit: 3 })).toMatchObject({
      books: [{ title: 'Numbered volume 2711' }],
      total: 1,
    })
    expect(numbered.search({ text: 'volume tolkien', page: 1, limit: 3 }).books[0]?.authors).toEqual(['J. R. R. Tolkien'])
  })
})

describe('similar books', () => {
  it('share subjects and authors with an edition, which is not among them', () => {
    const found = titles('9780618346257', 'similar')
    expect(found).toEqual(expect.arrayContaining(['The Two Towers', 'The Return of the King']))
    expect(found).not.toContain('The Fellowship of the Ring')
    expect(titles('9780441569595', 'similar')).toContain('Snow Crash')
  })

  it('of a text are those about it', () => {
    expect(titles('vampires', 'similar')).toEqual(expect.arrayContaining(['Dracula', 'Twilight']))
  })

  it('of an edition that nobody knows are none', () => {
    expect(catalog.similar({ text: '9791234567896', page: 1, limit: 10 })).toEqual({ books: [], total: 0 })
  })
})
