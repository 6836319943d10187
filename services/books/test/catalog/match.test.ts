import { join } from 'node:path'
import { openCatalog } from '@headway/books/catalog'
import { describe, expect, it } from 'vitest'
import { folder, opened } from './support/folder.js'
import { fileWith, takeIn } from './support/take-in.js'

const catalog = openCatalog(':memory:')

function best(title: string, author?: string) {
  const [candidate] = catalog.match({ title, author })
  return { title: candidate?.book.title, authors: candidate?.book.authors, confidence: candidate?.confidence ?? 0 }
}

describe('a match by title and author', () => {
  it.each([
    ['Animal Farm', 'George Orwell', 'Animal Farm'],
    ['ANIMAL FARM', 'ORWELL', 'Animal Farm'],
    ['animal farm.', 'Orwell, George', 'Animal Farm'],
    ['Hobbit, The', 'J.R.R. Tolkien', 'The Hobbit'],
    ['The Hobbit, or There and Back Again', 'Tolkien', 'The Hobbit'],
    ['Harry Potter and the Goblet of Fire (Harry Potter, #4)', 'J.K. Rowling', 'Harry Potter and the Goblet of Fire'],
    ['Sapiens: A Brief History of Humankind', 'Yuval Noah Harari', 'Sapiens'],
    ['Sapiens', 'Harari', 'Sapiens'],
    ['The Fellowship of the Ring [Book 1]', 'Tolkien, J. R. R.', 'The Fellowship of the Ring'],
    ['The Lord of the Rings: The Two Towers', 'JRR Tolkien', 'The Two Towers'],
    ['Good Omens', 'Neil Gaiman and Terry Pratchett', 'Good Omens'],
    ['Cien anos de soledad', 'Garcia Marquez', 'Cien años de soledad'],
    ['L’étranger', 'Camus', "L'Étranger"],
    ['Angels and Demons', 'Dan Brown', 'Angels & Demons'],
    ['11/22/63', 'Stephen King', '11/22/63'],
    ['吾輩は猫である', '夏目漱石', '吾輩は猫である'],
  ])('%s by %s is %s', (title, author, expected) => {
    const found = best(title, author)
    expect(found.title).toBe(expected)
    expect(found.confidence).toBeGreaterThan(0.8)
  })

  it.each([
    ['Harry Poter and the Chamber of Secrts', 'Rowling', 'Harry Potter and the Chamber of Secrets'],
    ['Neuromncer', 'William Gibson', 'Neuromancer'],
    ['Slaughterhous Five', 'Kurt Vonegut', 'Slaughterhouse-Five'],
    ['Frenkenstien', 'Mary Shelley', 'Frankenstein'],
    ['The Grate Gatsby', 'F Scott Fitzgerald', 'The Great Gatsby'],
    ['Wuthring Hieghts', 'Emily Bronte', 'Wuthering Heights'],
    ['Das Parfüm', 'Patrick Sueskind', 'Das Parfum'],
    ['Fahrenhiet 451', 'Ray Bradbury', 'Fahrenheit 451'],
  ])('%s by %s is found although it is misspelt', (title, author, expected) => {
    expect(best(title, author).title).toBe(expected)
    expect(best(title, author).confidence).toBeGreaterThan(0.6)
  })

  it.each([
    ['It', 'Alexa Chung'],
    ['The Road', 'Jack London'],
    ['Inferno', 'Dante Alighieri'],
    ['Dune', 'Brian Herbert'],
    ['Emma', 'Alexander McCall Smith'],
    ['The Great Gatsby Workbook', 'Somebody'],
    ['The Art of Computer Programming, Volume 4', 'Somebody Else'],
    ['Second Foundation and Empire', 'John Smith'],
  ])('%s by %s is none of the books of others', (title, author) => {
    expect(best(title, author).confidence).toBeLessThan(0.75)
  })

  it('keeps the volumes of a series apart', () => {
    for (const title of ['The Hunger Games', 'Catching Fire', 'Mockingjay']) {
      const sure = catalog.match({ title, author: 'Suzanne Collins' }, 10).filter(({ confidence }) => confidence > 0.8)
      expect(sure.map(({ book }) => book.title)).toEqual([title])
    }
    const [, second] = catalog.match({ title: 'Harry Potter and the Chamber of Secrets', author: 'Rowling' }, 5)
    expect(second?.confidence ?? 0).toBeLessThan(0.6)
  })

  it.each(['To Kill a Mockingbird', 'Emma', '1984', 'It', 'Pride and Prejudice', 'Hobbit, The'])(
    'is sure enough of %s without an author: one book has that title',
    (title) => {
      for (const author of [undefined, ' ']) expect(catalog.match({ title, author })[0]?.confidence).toBeGreaterThan(0.8)
    },
  )

  it('is not sure without an author where books of several have that title, or the title is not quite the same', async () => {
    const where = await folder()
    const path = join(where, 'catalog.sqlite')
    const file = await fileWith(where, 'own.csv', 'title,authors,isbn\nEmma,Alexander McCall Smith,9780007553860\n')
    await takeIn({ catalog: path, file, format: 'calibre' })
    expect(
      opened(path)
        .match({ title: 'Emma' })
        .map(({ confidence }) => confidence < 0.8),
    ).toEqual([true, true])
    for (const title of ['Ema', 'Emma Watson', 'Pride', 'Dune Heretics']) expect(best(title).confidence).toBeLessThan(0.8)
  })

  it('is less sure without an author, the less the shorter the title', () => {
    const [short, long] = [best('It'), best('The Curious Incident of the Dog in the Night-Time')]
    expect([short.title, long.title]).toEqual(['It', 'The Curious Incident of the Dog in the Night-Time'])
    expect(short.confidence).toBeLessThan(long.confidence)
    expect(long.confidence).toBeLessThan(0.9)
  })

  it('names each book once, best first, at most as many as asked', () => {
    const candidates = catalog.match({ title: '1984', author: 'George Orwell' }, 2)
    expect(candidates.map(({ book }) => book.title).filter((title) => title === '1984')).toHaveLength(1)
    expect(candidates.length).toBeLessThanOrEqual(2)
    expect(candidates.map(({ confidence }) => confidence)).toEqual(candidates.map(({ confidence }) => confidence).toSorted((a, b) => b - a))
  })

  it.each(['', '   ', '???', '"', 'AND', 'a* OR b', 'NEAR(', '\0', 'x'.repeat(10_000)])(
    'understands %j as words, whatever they are',
    (title) => {
      expect(() => catalog.match({ title, author: title })).not.toThrow()
      expect(() => catalog.matchText(title)).not.toThrow()
      expect(() => catalog.search({ text: title, page: 1, limit: 5 })).not.toThrow()
      expect(() => catalog.similar({ text: title, page: 1, limit: 5 })).not.toThrow()
    },
  )
})

describe('a text off a spine', () => {
  it.each([
    ['STEPHEN KING IT', 'It'],
    ['King The Shining', 'The Shining'],
    ['THEHOBBIT J.R.R.TOLKIEN', 'The Hobbit'],
    ['DOUGLASADAMS THE HITCHHIKERS GUlDE T0 THE GALAXY', "The Hitchhiker's Guide to the Galaxy"],
    ['SN0W CRASH NEAL STEPHENS0N PENGUIN', 'Snow Crash'],
    ["O'REILLY Designing Data-Intensive Applications Kleppmann", 'Designing Data-Intensive Applications'],
    ['DANBROWN INFERN0', 'Inferno'],
    ['Vintage MARQUEZ 0NE HUNDRED YEARS 0F S0LITUDE', 'One Hundred Years of Solitude'],
    ['EMMA AUSTEN PENGUIN CLASSICS', 'Emma'],
    ['PENGUIN CLASSICS JANE AUSTEN PERSUASlON', 'Persuasion'],
  ])('%s is %s', (text, title) => {
    const [found] = catalog.matchText(text)
    expect(found?.book.title).toBe(title)
    expect(found?.confidence).toBeGreaterThan(0.7)
  })

  it.each([
    'PENGUIN CLASSICS',
    'VOLUME II',
    'Some random text about gardens in spring',
    'STEPHEN KING',
    'THE',
    'Handbook of Chemistry and Physics',
  ])('%s is no book for sure', (text) => {
    for (const { confidence } of catalog.matchText(text)) expect(confidence).toBeLessThan(0.6)
  })
})
