import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { CatalogError, CatalogThread, coverUrls, openCatalog } from '@headway/books/catalog'
import { openDatabase } from '@headway/sqlite'
import { describe, expect, it } from 'vitest'
import { folder, opened } from './support/folder.js'

function failureOf(work: () => unknown): unknown {
  try {
    work()
  } catch (error) {
    return error instanceof CatalogError ? error.code : error
  }
  return undefined
}

describe('opening a catalog', () => {
  it('makes it in a new folder, with the books that ship, once', async () => {
    const path = join(await folder(), 'data', 'catalog.sqlite')
    const count = opened(path).count()
    expect(count).toBeGreaterThan(400)
    expect(opened(path).count()).toBe(count)
  })

  it('makes one when several threads open it at the same moment', async () => {
    const path = join(await folder(), 'catalog.sqlite')
    const threads = await Promise.all([1, 2, 3, 4].map(() => CatalogThread.open(path)))
    const counts = await Promise.all(threads.map((thread) => thread.count()))
    await Promise.all(threads.map((thread) => thread.close()))
    expect(new Set(counts).size).toBe(1)
    expect(counts[0]).toBe(opened(':memory:').count())
  })

  it('only reads where it is told so', async () => {
    const path = join(await folder(), 'catalog.sqlite')
    expect(failureOf(() => openCatalog(path, { readOnly: true }))).toBe('CATALOG_UNREADABLE')
    const count = opened(path).count()
    const reader = openCatalog(path, { readOnly: true })
    expect(reader.count()).toBe(count)
    reader.close()
  })

  it('can be without the books that ship', () => {
    const catalog = openCatalog(':memory:', { starter: false })
    expect([catalog.count(), catalog.weekly(1, 5)]).toEqual([0, { books: [], total: 0 }])
    catalog.close()
  })

  it('says that a file is none, or of a later version', async () => {
    const where = await folder()
    await writeFile(join(where, 'text'), 'no database at all, but long enough to be taken for one'.repeat(100))
    expect(failureOf(() => openCatalog(join(where, 'text')))).toBe('CATALOG_UNREADABLE')
    const later = openDatabase(join(where, 'later'))
    later.exec('pragma user_version = 99')
    later.close()
    expect(failureOf(() => openCatalog(join(where, 'later')))).toBe('CATALOG_VERSION')
  })
})

describe('an edition', () => {
  it('is the one with the ISBN, no other of its work', () => {
    const catalog = opened(':memory:')
    const books = catalog.byIsbn(['9780441013593', '9780441172719', '9780000000002'])
    expect([...books.keys()]).toEqual(['9780441013593', '9780441172719'])
    expect(books.get('9780441172719')).toMatchObject({
      isbn: '9780441172719',
      isbn10: '0441172717',
      title: 'Dune',
      authors: ['Frank Herbert'],
      publishedDate: '1990',
      pageCount: 535,
      language: 'en',
      provider: 'alexandria',
      coverSource: 'external-fallback',
    })
  })

  it('has its cover in three sizes, by number or by ISBN', () => {
    expect(coverUrls({ coverId: 240_727 })).toEqual({
      large: 'https://covers.openlibrary.org/b/id/240727-L.jpg',
      medium: 'https://covers.openlibrary.org/b/id/240727-M.jpg',
      small: 'https://covers.openlibrary.org/b/id/240727-S.jpg',
    })
    expect(coverUrls({ isbn: '9780441172719' }).small).toBe('https://covers.openlibrary.org/b/isbn/9780441172719-S.jpg?default=false')
  })
})
