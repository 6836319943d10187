import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { folder, opened } from './support/folder.js'
import { fileWith, takeIn } from './support/take-in.js'

const CSV = `\ufeffauthors,author_sort,comments,identifiers,isbn,languages,pubdate,publisher,series,tags,title,uuid
Ann Leckie & Some Body,"Leckie, Ann","<div><p>A ship &amp; its <b>one</b> body.</p></div>","isbn:9791234567896,goodreads:1",,eng,2013-10-01T00:00:00+00:00,Orbit,Radch,"Science fiction, Ships",A Ship of Her Own,u-1
Anonymous,,,,,deu,0101-01-01T00:00:00+00:00,,,,"Without a number, but with a comma",u-2
,,,,,,,,,,,u-3
Short,row
`

describe("Calibre's CSV", () => {
  it('gives all that it has', async () => {
    const where = await folder()
    const path = join(where, 'catalog.sqlite')
    const catalog = opened(path)
    const { report } = await takeIn({ catalog: path, file: await fileWith(where, 'library.csv', CSV) })
    expect(report).toMatchObject({ format: 'calibre', records: 4, added: 2, malformed: 2 })
    expect(catalog.byIsbn(['9791234567896']).get('9791234567896')).toMatchObject({
      title: 'A Ship of Her Own',
      authors: ['Ann Leckie', 'Some Body'],
      publisher: 'Orbit',
      publishedDate: '2013-10-01',
      language: 'en',
      categories: ['Science fiction', 'Ships'],
      description: 'A ship & its one body.',
    })
    const [found] = catalog.match({ title: 'Without a number, but with a comma' })
    expect(found?.book).toMatchObject({ isbn: '', language: 'de' })
    expect(found?.book.publishedDate).toBeUndefined()
  })

  it('is taken in once, also the books without a number', async () => {
    const where = await folder()
    const catalog = join(where, 'catalog.sqlite')
    await takeIn({ catalog, file: await fileWith(where, 'library.csv', CSV) })
    const again = await takeIn({ catalog, file: await fileWith(where, 'again.csv', `${CSV}\n`) })
    expect(again.report).toMatchObject({ began: 'new', added: 0, updated: 2 })
  })
})
