import { expect, test } from 'vitest'
import { importAll, importOne } from './support/import-all.js'

const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`

test.each([
  ['="9780439023498"', '9780439023498'],
  ['[0439023491]', '9780439023498'],
  ['978-0-439-02349-8', '9780439023498'],
  ['978 0 439 02349 8', '9780439023498'],
  ['978–0–439–02349–8', '9780439023498'],
  ['ISBN 978-0-439-02349-8', '9780439023498'],
  ['ISBN-13: 978-0439023498', '9780439023498'],
  ['ISBN-10: 0-439-02349-1 (pbk.)', '9780439023498'],
  ['0439023491 (hbk.)', '9780439023498'],
  ['080442957X', '9780804429573'],
  ['080442957x', '9780804429573'],
  ['9791032305690', '9791032305690'],
  // Leading zeros that a spreadsheet ate.
  ['439023491', '9780439023498'],
  ['7258925', '9780007258925'],
  ['439023491.0', '9780439023498'],
  // Several: the first with 13 digits that is valid.
  ['0439023491, 9780439023498', '9780439023498'],
  ['0439023491 9780439023498', '9780439023498'],
  ['9780439023490; 9780439023498', '9780439023498'],
])('the ISBN of %s', async (field, isbn13) => {
  expect(await importOne('Title,ISBN', `Catching Fire,${quoted(field)}`)).toMatchObject({ isbn13, isbn: isbn13 })
})

test.each([
  ['9780439023490', /check digit/],
  ['0439023492', /check digit/],
  ['9.78044E+12', /exponent/],
  ['9,78044E+12', /exponent/],
  ['12345', /has 5/],
  ['B00B7NPRY8', /ASIN/],
  ['4006381333931', /978 or 979/],
  ['none', /has 0/],
])('a bad ISBN costs no row: %s', async (field, message) => {
  const { outcomes } = await importAll(`Title,ISBN\nCatching Fire,${quoted(field)}\n`)
  expect(outcomes).toMatchObject([
    {
      kind: 'imported',
      book: { isbn13: null, isbn: '', title: 'Catching Fire' },
      errors: [{ row: 2, code: 'invalid_isbn', message: expect.stringMatching(message) as string, value: field }],
    },
  ])
})

test.each(['', '=""', '""', '[]', '0000000000', ' '])('no ISBN is no error: %j', async (field) => {
  const { outcomes } = await importAll(`Title,ISBN,Author\nDune,${quoted(field)},Frank Herbert\n`)
  expect(outcomes).toMatchObject([
    { kind: 'imported', book: { isbn13: null }, errors: field.startsWith('0') ? [{ code: 'invalid_isbn' }] : [] },
  ])
})

test('the number with 13 digits wins when it is valid, else the one with 10', async () => {
  const { books, errors } = await importAll('Title,ISBN,ISBN13\na,0439023491,9780452284241\nb,0439023491,9.78E+12\n')
  expect(books).toMatchObject([{ isbn13: '9780452284241' }, { isbn13: '9780439023498' }])
  expect(errors).toMatchObject([{ row: 3, code: 'invalid_isbn' }])
})

test.each([
  ['0', null],
  ['', null],
  ['4', 4],
  ['4.25', 4.25],
  ['4,5', 4.5],
  ['8/10', 4],
  ['4.5 / 5', 4.5],
  ['80%', 4],
  ['4 stars', 4],
  ['★★★★☆', 4],
  ['3½', 3.5],
  ['0.0', null],
])('the rating %j is %j', async (field, rating) => {
  expect(await importOne('Title,Rating', `Dune,${quoted(field)}`)).toMatchObject({ rating })
})

test.each(['6', '-1', 'good', '11/10', '4/0', '5e9'])('a bad rating costs no row: %s', async (field) => {
  const { outcomes } = await importAll(`Title,Rating\nDune,${field}\n`)
  expect(outcomes).toMatchObject([{ kind: 'imported', book: { rating: null }, errors: [{ code: 'invalid_rating', value: field }] }])
})

test.each([
  ['2023-02-28', '2023-02-28'],
  ['2023/2/3', '2023-02-03'],
  ['2023-02', '2023-02'],
  ['1998', '1998'],
  ['2019-08-01T10:11:12+02:00', '2019-08-01'],
  ['31.12.2019', '2019-12-31'],
  ['12/31/2019', '2019-12-31'],
  ['31/12/2019', '2019-12-31'],
  ['3/4/2019', '2019-03-04'],
  ['Jan 5, 2023', '2023-01-05'],
  ['5 January 2023', '2023-01-05'],
  ['March 2021', '2021-03'],
  ['2024-02-29', '2024-02-29'],
  ['2020-01-02, 2021-03-04', '2021-03-04'],
  ['2021/03/04; 2020/01/02', '2021-03-04'],
])('the date %s is %s', async (field, dateRead) => {
  expect(await importOne('Title,Date Read', `Dune,${quoted(field)}`)).toMatchObject({ dateRead })
})

test.each(['2023-02-30', '2023-13-01', 'yesterday', '32/32/2020', '2023-02-29', '2020-01-02 and so on and on'])(
  'a bad date costs no row: %s',
  async (field) => {
    const { outcomes } = await importAll(`Title,Date Read\nDune,${field}\n`)
    expect(outcomes).toMatchObject([{ kind: 'imported', book: { dateRead: null }, errors: [{ code: 'invalid_date', value: field }] }])
  },
)

test.each([
  ['Frank Herbert', ['Frank Herbert']],
  ['Herbert, Frank', ['Frank Herbert']],
  ['Le Guin, Ursula K.', ['Ursula K. Le Guin']],
  ['Tolkien, J. R. R.', ['J. R. R. Tolkien']],
  ['Terry Pratchett, Neil Gaiman', ['Terry Pratchett', 'Neil Gaiman']],
  ['Pratchett, Terry; Gaiman, Neil', ['Terry Pratchett', 'Neil Gaiman']],
  ['Pratchett, Terry, Gaiman, Neil', ['Terry Pratchett', 'Neil Gaiman']],
  ['Terry Pratchett & Neil Gaiman', ['Terry Pratchett', 'Neil Gaiman']],
  ['Terry Pratchett and Neil Gaiman', ['Terry Pratchett', 'Neil Gaiman']],
  ['Martin Luther King, Jr.', ['Martin Luther King, Jr.']],
  ['Homer', ['Homer']],
  ['Simon &amp; Garfunkel', ['Simon', 'Garfunkel']],
])('the authors of %s', async (field, authors) => {
  expect(await importOne('Title,Author', `x,${quoted(field)}`)).toMatchObject({ authors })
})

test('translators, narrators and illustrators are contributors', async () => {
  const book = await importOne(
    'Title,Author,Translator,Narrator',
    'x,"Umberto Eco; William Weaver (Translator); Mary Doe [Illustrator]",Ann Other,"Jarvis, Martin"',
  )
  expect(book).toMatchObject({
    authors: ['Umberto Eco'],
    contributors: [
      { name: 'William Weaver', role: 'translator' },
      { name: 'Mary Doe', role: 'illustrator' },
      { name: 'Ann Other', role: 'translator' },
      { name: 'Martin Jarvis', role: 'narrator' },
    ],
  })
})

test('titles: white space, entities of HTML, subtitles', async () => {
  expect(await importOne('Title', '"  Pride\n &amp;\tPrejudice "')).toMatchObject({ title: 'Pride & Prejudice' })
  expect(await importOne('Title,Subtitle', 'Dune,A Novel')).toMatchObject({ title: 'Dune: A Novel' })
})

test.each([
  ['eng', 'en'],
  ['English', 'en'],
  ['Deutsch', 'de'],
  ['en-GB', 'en'],
  ['fre', 'fr'],
  ['English, Italian', 'en'],
  ['Klingon', 'Klingon'],
])('the language %s is %s', async (field, language) => {
  expect(await importOne('Title,Language', `x,${quoted(field)}`)).toMatchObject({ language })
})

test.each([
  ['A B, C D', ['A B', 'C D']],
  ['King, Martin Luther, Jr.', ['Martin Luther King, Jr.']],
  ['García Márquez, Gabriel J.', ['Gabriel J. García Márquez']],
  ['King, Martin Luther, Jr.; Herbert, Frank', ['Martin Luther King, Jr.', 'Frank Herbert']],
])('the authors of %s', async (field, authors) => {
  expect(await importOne('Title,Author', `Dune,${quoted(field)}`)).toMatchObject({ authors })
})

test('Calibre keeps the ISBN among the identifiers', async () => {
  const header = 'title,authors,uuid,isbn,identifiers'
  expect(await importOne(header, 'Foundation,Isaac Asimov,1,,"goodreads:29579,isbn:9780553293357"')).toMatchObject({
    isbn13: '9780553293357',
  })
  expect(await importOne(header, 'Foundation,Isaac Asimov,1,,"google:isbn"')).toMatchObject({ isbn13: null })
})

test('of several readings the last counts, with its own start', async () => {
  const header = 'Title,Read Status,Star Rating,Last Date Read,Dates Read'
  const ranges = '"2022/02/10-2022/02/20, 2023/01/01-2023/01/05"'
  expect(await importOne(header, `Dune,read,4,2022/02/20,${ranges}`)).toMatchObject({ dateRead: '2023-01-05', dateStarted: '2023-01-01' })
  expect(await importOne(header, `Dune,read,4,2024/02/20,${ranges}`)).toMatchObject({ dateRead: '2024-02-20', dateStarted: null })
  expect(await importOne(header, `Dune,read,4,,${ranges}`)).toMatchObject({ dateRead: '2023-01-05', dateStarted: '2023-01-01' })
})

test('years of two figures are none to come; no year is 0000', async () => {
  expect(await importOne('Title,Date Read', 'Dune,31/12/99')).toMatchObject({ dateRead: '1999-12-31' })
  expect(await importOne('Title,Date Read', 'Dune,31/12/09')).toMatchObject({ dateRead: '2009-12-31' })
  for (const field of ['0000', '0000-00-00', '0000-00-00 00:00:00', '0000-01-05'])
    expect(await importOne('Title,Date Read', `Dune,${field}`)).toMatchObject({ dateRead: null })
})

test.each([
  ['.25', 0.25],
  ['½', 0.5],
  ['3½', 3.5],
  [',5', 0.5],
])('a rating of %s', async (field, rating) => {
  const { books, errors } = await importAll(`Title,Rating\nDune,${quoted(field)}\n`)
  expect(errors).toEqual([])
  expect(books).toMatchObject([{ rating }])
})

test('a row without an ISBN after one with it is the same book; before it, it may be another edition', async () => {
  const [known, unknown] = ['Dune,Frank Herbert,9780441013593', 'Dune,Frank Herbert,']
  expect((await importAll(`Title,Author,ISBN\n${known}\n${unknown}\n`)).outcomes[1]).toMatchObject({ kind: 'duplicate', duplicateOf: 2 })
  expect((await importAll(`Title,Author,ISBN\n${unknown}\n${known}\n`)).counts).toMatchObject({ imported: 2, duplicates: 0 })
})
