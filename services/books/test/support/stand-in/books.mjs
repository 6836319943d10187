/**
 * What a stand-in knows of an edition.
 *
 * @typedef {object} Facts
 * @property {string} isbn13
 * @property {string} title
 * @property {string} [subtitle]
 * @property {string[]} authors
 * @property {string} [publisher]
 * @property {string} [date] as the provider writes it
 * @property {number} [pages]
 * @property {string[]} [subjects]
 * @property {string} [language] three letters
 * @property {string} [description]
 * @property {number} [number] of its keys and cover
 */

/**
 * A valid ISBN-13, another for each number from 0 to 999,999,999.
 *
 * @param {number} number
 */
export function isbnOf(number) {
  const body = `978${String(number).padStart(9, '0')}`
  let sum = 0
  for (let place = 0; place < 12; place++) sum += Number(body[place]) * (place % 2 === 0 ? 1 : 3)
  return body + String((10 - (sum % 10)) % 10)
}

/**
 * The ISBN-10 of an ISBN-13 that begins with 978.
 *
 * @param {string} isbn13
 */
export function isbn10Of(isbn13) {
  const body = isbn13.slice(3, 12)
  let sum = 0
  for (let place = 0; place < 9; place++) sum += Number(body[place]) * (10 - place)
  const check = (11 - (sum % 11)) % 11
  return body + (check === 10 ? 'X' : String(check))
}

/**
 * An edition made of a number.
 *
 * @param {number} number
 * @returns {Facts}
 */
export function editionOf(number) {
  return {
    isbn13: isbnOf(number),
    title: `The Chronicle of Year ${number}`,
    authors: [`Ada Writer${number % 97}`],
    publisher: `Press ${number % 13}`,
    date: `September ${1 + (number % 28)}, ${1950 + (number % 70)}`,
    pages: 100 + (number % 400),
    subjects: ['Fiction', `Subject ${number % 11}`],
    language: 'eng',
    description: `What happened in the year ${number}.`,
    number: number + 1,
  }
}

/**
 * Editions with the numbers from `first` on.
 *
 * @param {number} count
 * @param {number} [first]
 */
export function editions(count, first = 0) {
  return Array.from({ length: count }, (_, at) => editionOf(first + at))
}
