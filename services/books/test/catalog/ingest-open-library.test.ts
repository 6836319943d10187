import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { folder, opened } from './support/folder.js'
import { dumpLine, fileWith, takeIn } from './support/take-in.js'

const EDITION = dumpLine('edition', '/books/OL1M', {
  title: 'Kallocain',
  subtitle: 'roman från 2000-talet',
  isbn_10: ['91-0-012345-2'],
  isbn_13: ['978-91-0-012345-0', '979-12-345-6789-6'],
  publishers: ['Bonniers'],
  publish_date: 'September 14, 1940',
  number_of_pages: 223,
  languages: [{ key: '/languages/swe' }],
  authors: [{ key: '/authors/OL1A' }],
  works: [{ key: '/works/OL1W' }],
  description: { type: '/type/text', value: 'A serum\nthat tells the truth.' },
})
const WORK = dumpLine('work', '/works/OL1W', {
  title: 'Kallocain',
  authors: [{ type: { key: '/type/author_role' }, author: { key: '/authors/OL1A' } }],
  subjects: ['Dystopias', 'Truth serums'],
  covers: [-1, 777],
})
const AUTHOR = dumpLine('author', '/authors/OL1A', { name: 'Karin Boye' })
const WITHOUT_ISBN = dumpLine('edition', '/books/OL2M', { title: 'Moln', works: [{ key: '/works/OL1W' }], publish_date: '1922' })

describe('dumps of Open Library', () => {
  it.each([
    ['authors, works, editions', [AUTHOR, WORK, EDITION]],
    ['editions, works, authors', [EDITION, WORK, AUTHOR]],
    ['works, editions, authors', [WORK, EDITION, AUTHOR]],
    ['authors, editions, works', [AUTHOR, EDITION, WORK]],
  ])('come to the same in the order %s', async (_, lines) => {
    const where = await folder()
    const catalog = join(where, 'catalog.sqlite')
    for (const [place, line] of lines.entries()) await takeIn({ catalog, file: await fileWith(where, `dump-${place}.txt`, `${line}\n`) })
    expect(opened(catalog).byIsbn(['9791234567896']).size).toBe(1)
    const [found] = opened(catalog).match({ title: 'Kallocain', author: 'Karin Boye' })
    expect(found).toMatchObject({
      confidence: expect.closeTo(0.85, 1) as number,
      book: {
        title: 'Kallocain',
        subtitle: 'roman från 2000-talet',
        authors: ['Karin Boye'],
        publisher: 'Bonniers',
        publishedDate: '1940-09-14',
        pageCount: 223,
        language: 'sv',
        categories: ['Dystopias', 'Truth serums'],
        description: 'A serum that tells the truth.',
        workKey: '/works/OL1W',
        editionKey: '/books/OL1M',
        coverSource: 'external',
        coverUrl: 'https://covers.openlibrary.org/b/id/777-L.jpg',
      },
    })
    expect(opened(catalog).search({ text: 'truth serums boye', page: 1, limit: 5 }).total).toBe(1)
  })

  it('keep editions without ISBN, with the author of their work', async () => {
    const where = await folder()
    const catalog = join(where, 'catalog.sqlite')
    await takeIn({ catalog, file: await fileWith(where, 'dump.txt', [WITHOUT_ISBN, AUTHOR, WORK].join('\n')) })
    const [found] = opened(catalog).match({ title: 'Moln', author: 'Boye' })
    expect(found?.book).toMatchObject({ isbn: '', authors: ['Karin Boye'], publishedDate: '1922' })
  })

  it('are read past whatever is malformed, which is counted and reported by its line', async () => {
    const where = await folder()
    const lines = [
      EDITION,
      'only one column',
      '/type/edition\t/books/OL3M\t1\t2020-01-01T00:00:00\t{"title": "cut o',
      '/type/edition\t/books/OL4M\t1\t2020-01-01T00:00:00\t[1]',
      dumpLine('edition', '/books/OL5M', { isbn_13: ['9780441172719'] }),
      'no/type\ta\tb\tc\t{}',
      `/type/redirect\t/books/OL6M\t1\t2020-01-01T00:00:00\t{"location": "/books/OL1M"}`,
      dumpLine('edition', '/books/OL7M', { title: ['a', 'list'], isbn_13: 7, covers: 'x', authors: 'y', languages: [null] }),
      `/type/edition\t/books/OL8M\t1\t2020-01-01T00:00:00\t{"title": "${'x'.repeat(5 * 1024 * 1024)}"}`,
      dumpLine('edition', '/books/OL9M', { title: 'Odd types', isbn_13: 7, covers: 'x', authors: 'y', languages: [null], publishers: {} }),
    ]
    const catalog = join(where, 'catalog.sqlite')
    const before = opened(catalog).count()
    const { report } = await takeIn({ catalog, file: await fileWith(where, 'dump.txt', lines.join('\n')) })
    expect(report).toEqual({
      format: 'openlibrary',
      began: 'new',
      records: 10,
      added: 2,
      updated: 0,
      skipped: 1,
      malformed: 7,
      malformedExamples: [
        { record: 2, why: 'there are less than five columns' },
        { record: 3, why: 'the fifth column is no JSON' },
        { record: 4, why: 'the fifth column is no JSON object' },
        { record: 5, why: 'an edition without a title' },
        { record: 6, why: 'the first column is no type' },
        { record: 8, why: 'an edition without a title' },
        { record: 9, why: 'the line is too long' },
      ],
    })
    expect(opened(catalog).count()).toBe(before + 2)
  })

  it('fill the gaps of what is there, and replace what they said before', async () => {
    const where = await folder()
    const catalog = join(where, 'catalog.sqlite')
    const dune = (title: string): string =>
      dumpLine('edition', '/books/OL9M', { title, isbn_13: ['9780441172719'], covers: [5], number_of_pages: 1 })
    await takeIn({ catalog, file: await fileWith(where, 'first.txt', dune('Another title')) })
    expect(opened(catalog).byIsbn(['9780441172719']).get('9780441172719')).toMatchObject({
      title: 'Dune',
      pageCount: 535,
      editionKey: '/books/OL9M',
      coverUrl: 'https://covers.openlibrary.org/b/id/5-L.jpg',
    })
    const own = (pages: number): string =>
      dumpLine('edition', '/books/OL10M', { title: 'Mine', isbn_13: ['9791234567896'], number_of_pages: pages })
    await takeIn({ catalog, file: await fileWith(where, 'second.txt', own(10)) })
    const { report } = await takeIn({ catalog, file: await fileWith(where, 'third.txt', own(20)) })
    expect(report).toMatchObject({ added: 0, updated: 1 })
    expect(opened(catalog).byIsbn(['9791234567896']).get('9791234567896')?.pageCount).toBe(20)
  })

  it('may be compressed, in one piece or in several', async () => {
    const where = await folder()
    const catalog = join(where, 'catalog.sqlite')
    const file = await fileWith(where, 'dump.txt.gz', Buffer.concat([gzipSync(`${EDITION}\n${WORK}\n`), gzipSync(`${AUTHOR}\n`)]))
    const { report, progress } = await takeIn({ catalog, file })
    expect(report).toMatchObject({ records: 3, added: 1, skipped: 2, malformed: 0 })
    expect(progress.at(-1)).toMatchObject({ bytesRead: progress.at(-1)?.bytesTotal })
    expect(opened(catalog).match({ title: 'Kallocain', author: 'Boye' })[0]?.book.authors).toEqual(['Karin Boye'])
  })
})
