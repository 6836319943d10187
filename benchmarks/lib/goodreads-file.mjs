import { closeSync, openSync, writeSync } from 'node:fs'

const HEADER =
  'Book Id,Title,Author,Author l-f,Additional Authors,ISBN,ISBN13,My Rating,Average Rating,Publisher,Binding,Number of Pages,Year Published,Original Publication Year,Date Read,Date Added,Bookshelves,Bookshelves with positions,Exclusive Shelf,My Review,Spoiler,Private Notes,Read Count,Owned Copies'
const WORDS = 'salt river winter glass garden house night memory silence stone letters island daughter king paper ocean small light'.split(
  ' ',
)
const FIRST = ['Ann', 'José', 'Mary', 'Li', 'Ursula K.', 'Terry', 'Zoë', 'Haruki']
const LAST = ['Ó Briain', 'García', 'Smith', 'Wei', 'Okafor', 'Lindström', 'Novak', 'Tanaka']
const PUBLISHERS = ['Penguin Books', 'Vintage', 'Faber & Faber', '"Farrar, Straus and Giroux"', 'Gallimard']
const SHELVES = ['read', 'read', 'read', 'to-read', 'currently-reading']

/**
 * Writes a file as Goodreads exports it: every book another one, a tenth of them with a review, a tenth without an ISBN. The same for the same number of rows.
 *
 * @param {string} path
 * @param {number} rows
 */
export function writeGoodreadsFile(path, rows) {
  const file = openSync(path, 'w')
  writeSync(file, `${HEADER}\n`)
  for (let from = 0; from < rows; from += 1000) {
    const lines = Array.from({ length: Math.min(1000, rows - from) }, (_, index) => line(from + index))
    writeSync(file, lines.join(''))
  }
  closeSync(file)
}

function line(number) {
  const pick = (list, salt) => list[(Math.imul(number + 1, 0x9e3779b1 + salt * 2) >>> 16) % list.length]
  const [first, last] = [pick(FIRST, 1), pick(LAST, 2)]
  const series = number % 4 === 0 ? ` (The ${pick(WORDS, 3)} Books, #${1 + (number % 7)})` : ''
  const title = `"The ${pick(WORDS, 4)} of ${pick(WORDS, 5)} ${number}${series}"`
  const [isbn10, isbn13] = number % 10 === 3 ? ['=""""""', '=""""""'] : isbns(number)
  const shelf = pick(SHELVES, 6)
  const day = (salt) => `20${10 + ((number + salt) % 14)}/${two(1 + ((number + salt) % 12))}/${two(1 + ((number + salt) % 28))}`
  const review = number % 10 === 0 ? `"${'A ""fine"" book, slow at first, and then not.<br/>'.repeat(1 + (number % 17))}"` : ''
  return `${[
    1_000_000 + number,
    title,
    `${first} ${last}`,
    `"${last}, ${first}"`,
    number % 12 === 0 ? `"${pick(FIRST, 7)} ${pick(LAST, 8)}, Bob Other"` : '',
    isbn10,
    isbn13,
    shelf === 'read' ? 1 + (number % 5) : 0,
    '3.97',
    pick(PUBLISHERS, 9),
    number % 3 === 0 ? 'Hardcover' : 'Paperback',
    120 + (number % 700),
    1950 + (number % 70),
    1940 + (number % 80),
    shelf === 'read' ? day(3) : '',
    day(0),
    number % 5 === 0 ? '"favourites, fiction"' : '',
    number % 5 === 0 ? `"favourites (#${number}), fiction (#${number})"` : '',
    shelf,
    review,
    '',
    number % 50 === 0 ? 'lent to a friend' : '',
    shelf === 'read' ? 1 : 0,
    0,
  ].join(',')}\n`
}

const two = (number) => String(number).padStart(2, '0')

function isbns(number) {
  const nine = String(100_000_000 + number)
  const sum10 = Array.from(nine).reduce((sum, digit, index) => sum + Number(digit) * (10 - index), 0)
  const check10 = (11 - (sum10 % 11)) % 11
  const sum13 = Array.from(`978${nine}`).reduce((sum, digit, index) => sum + Number(digit) * (index % 2 === 0 ? 1 : 3), 0)
  return [nine + (check10 === 10 ? 'X' : check10), `978${nine}${(10 - (sum13 % 10)) % 10}`].map((isbn) => `"=""${isbn}"""`)
}
