/** ISBN-13 without hyphens: the form in which this service keeps and compares them. */
const ISBN_13 = /^97[89]\d{10}$/
const ISBN_10 = /^\d{9}[\dX]$/

/**
 * The ISBN-13 that a text means: an ISBN-13 or an ISBN-10, with or without hyphens and spaces, whose check digit fits (ISO 2108).
 *
 * @returns undefined when it is none
 */
export function isbn13Of(text: string): string | undefined {
  const digits = text.replace(/[\s\u2010-\u2015-]/g, '').toUpperCase()
  if (ISBN_13.test(digits)) return checkDigit13(digits) === digits[12] ? digits : undefined
  if (!ISBN_10.test(digits) || !fits10(digits)) return undefined
  const body = `978${digits.slice(0, 9)}`
  return body + checkDigit13(body)
}

/** The ISBN-10 of an ISBN-13; undefined where there is none: those of 979. */
export function isbn10Of(isbn13: string): string | undefined {
  if (!isbn13.startsWith('978')) return undefined
  const body = isbn13.slice(3, 12)
  let sum = 0
  for (let place = 0; place < 9; place++) sum += Number(body[place]) * (10 - place)
  const check = (11 - (sum % 11)) % 11
  return body + (check === 10 ? 'X' : String(check))
}

function checkDigit13(digits: string): string {
  let sum = 0
  for (let place = 0; place < 12; place++) sum += Number(digits[place]) * (place % 2 === 0 ? 1 : 3)
  return String((10 - (sum % 10)) % 10)
}

function fits10(digits: string): boolean {
  let sum = 0
  for (let place = 0; place < 10; place++) sum += (digits[place] === 'X' ? 10 : Number(digits[place])) * (10 - place)
  return sum % 11 === 0
}
