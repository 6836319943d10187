import { readFile } from 'node:fs/promises'
import { parse } from 'csv-parse/sync'
import isbn3 from 'isbn3'
import { describe, expect, it } from 'vitest'
import { opened } from './support/folder.js'

const FILE = new URL('../../data/starter-catalog.csv', import.meta.url)

/** Editions of one book may have an article in front or not. */
function bare(title: string): string {
  return title.replace(/^(?:the|der) /i, '')
}

describe('the books that ship', async () => {
  const rows = parse<Record<string, string>>(await readFile(FILE), { columns: true })

  it('are at least 420, each with what is needed', () => {
    expect(rows.length).toBeGreaterThanOrEqual(420)
    for (const { title, authors, publisher, year, pages, language, subjects, reason } of rows) {
      expect([title, authors, publisher, subjects, reason]).not.toContain('')
      expect(Number(year), title).toBeGreaterThan(1900)
      expect(Number(year), title).toBeLessThan(2030)
      expect(Number(pages), title).toBeGreaterThan(10)
      expect(language, title).toMatch(/^[a-z]{2}$/)
    }
    expect(new Set(rows.map(({ language }) => language)).size).toBeGreaterThanOrEqual(6)
  })

  it('have ISBNs whose check digits fit, in ranges that exist', () => {
    const wrong = rows.filter(({ isbn13 = '' }) => isbn3.parse(isbn13)?.isbn13 !== isbn13)
    expect(wrong).toEqual([])
  })

  it('are each there once', () => {
    expect(new Set(rows.map(({ isbn13 }) => isbn13)).size).toBe(rows.length)
  })

  it('can all be looked up', () => {
    const catalog = opened(':memory:')
    const isbns = rows.map(({ isbn13 = '' }) => isbn13)
    expect(catalog.count()).toBe(rows.length)
    expect([...catalog.byIsbn(isbns).keys()]).toEqual(isbns)
  })

  it('are found by their own title and author', () => {
    const catalog = opened(':memory:')
    const missed = rows.filter(({ title = '', subtitle = '', authors = '' }) => {
      const [best] = catalog.match({ title: subtitle === '' ? title : `${title}: ${subtitle}`, author: authors.split(';')[0] })
      return best === undefined || best.confidence < 0.8 || bare(best.book.title) !== bare(title)
    })
    expect(missed).toEqual([])
  })
})

describe('the books of a week', () => {
  it('are the same for all who ask, each with a reason', () => {
    const { books, total } = opened(':memory:').weekly(2900, 20)
    expect([books.length, total]).toEqual([20, 20])
    expect(books.every(({ reason }) => reason.length > 5)).toBe(true)
    expect(opened(':memory:').weekly(2900, 20)).toEqual({ books, total })
    expect(opened(':memory:').weekly(2900, 5)).toEqual({ books: books.slice(0, 5), total })
  })

  it('are others in the next weeks', () => {
    const catalog = opened(':memory:')
    const weeks = [0, 1, 2].map((week) => catalog.weekly(week, 20).books.map(({ book }) => book.isbn))
    expect(new Set(weeks.flat()).size).toBe(60)
  })
})
