import { isbn13Of } from '../../isbn.js'

const DIGIT_0 = 48
const DIGIT_9 = 57
const CAPITAL_X = 88
const SMALL_X = 120
/** A spreadsheet eats the zeros at the beginning of a number; so many digits must be left of ten for them to be put back. */
const DIGITS_AT_LEAST = 6
/** Its check digit fits, and people write it where they know none. */
const NOBODYS = /^0+$/

/** Longer fields are not searched, in characters. */
const LENGTH_AT_MOST = 1000

/** What became of a field with an ISBN. */
export interface FoundIsbn {
  /** 13 digits. */
  readonly isbn13?: string
  /** Why there is none; absent where the field is empty. */
  readonly problem?: string
}

const NOTHING: FoundIsbn = {}

/**
 * The ISBN that a field holds, as exports and people write it: `="0439023483"`, `[0439023483]`, `978-0-439-02348-1 (pbk.)`, `ISBN-13: ...`, several of
 * them, or with its leading zeros lost. Of several the first valid one with 13 digits counts, else the first valid one.
 */
export function findIsbn(field: string): FoundIsbn {
  if (field === '' || field === '=""' || field === '[]') return NOTHING
  const plain13 = plainIsbn13(field)
  if (plain13 !== undefined) return { isbn13: plain13 }
  if (field.length > LENGTH_AT_MOST) return { problem: `This is longer than ${LENGTH_AT_MOST} characters.` }
  const plain = digitsOf(field)
  if (plain === '') return /[\p{L}\p{N}]/u.test(field) ? findAmong(field) : NOTHING
  const isbn13 = plain === undefined ? undefined : toIsbn13(plain)
  return isbn13 === undefined ? findAmong(field) : { isbn13 }
}

/** The ISBN of `="9780439023498"` and `9780439023498`, which most are. Undefined for all that needs a closer look. */
function plainIsbn13(field: string): string | undefined {
  const { length } = field
  const from = length === 16 && field.startsWith('="97') && field.endsWith('"') ? 2 : 0
  if (length - from - (from === 0 ? 0 : 1) !== 13 || !field.startsWith('97', from)) return undefined
  let sum = 0
  for (let place = 0; place < 13; place++) {
    const digit = field.charCodeAt(from + place) - DIGIT_0
    if (digit < 0 || digit > 9) return undefined
    sum += place % 2 === 0 ? digit : digit * 3
  }
  const third = field.charCodeAt(from + 2) - DIGIT_0
  return sum % 10 === 0 && third >= 8 ? field.slice(from, from + 13) : undefined
}

/** What is left of a field when punctuation is taken away; undefined where there is anything else than digits and an X at the end. */
function digitsOf(field: string): string | undefined {
  let digits = ''
  let from = -1
  for (let at = 0; at <= field.length; at++) {
    const code = at < field.length ? field.charCodeAt(at) : 0
    if ((code >= DIGIT_0 && code <= DIGIT_9) || code === CAPITAL_X || code === SMALL_X) {
      if (from === -1) from = at
      continue
    }
    if (from !== -1) digits += field.slice(from, at)
    from = -1
    if (at < field.length && !isPunctuation(code)) return undefined
  }
  return digits
}

/** What may stand in an ISBN and around it: blanks, hyphens of all kinds, quotes, brackets, `=`. Not what stands between two: commas, slashes. */
function isPunctuation(code: number): boolean {
  return (
    code === 0x20 ||
    code === 0x22 ||
    code === 0x27 ||
    code === 0x28 ||
    code === 0x29 ||
    code === 0x2d ||
    code === 0x3d ||
    code === 0x5b ||
    code === 0x5d ||
    code === 0xa0 ||
    code === 0xad ||
    (code >= 0x2010 && code <= 0x2015)
  )
}

/** The ISBN-13 of 10 or 13 digits, or of fewer with leading zeros put back; undefined where the check digit is wrong. */
function toIsbn13(digits: string): string | undefined {
  if (digits.length < DIGITS_AT_LEAST || NOBODYS.test(digits)) return undefined
  return isbn13Of(digits.length < 10 ? digits.padStart(10, '0') : digits)
}

/** Fields that are no plain number: words around it, several numbers, or a number that a spreadsheet wrote anew. */
function findAmong(field: string): FoundIsbn {
  const text = field.trim()
  if (/^["'=]*\d(?:[.,]\d+)?e\+?\d+["']*$/i.test(text)) {
    return {
      problem: 'A spreadsheet wrote this ISBN as a number with an exponent, so its last digits are lost. Format the column as text.',
    }
  }
  const parts = text
    .replace(/\bISBN(?:[\s-]*1[03](?!\d))?\b:?/gi, ' ')
    .replace(/^(["'=]*\d+)\.0+(?=["']*$)/, '$1')
    .split(/[,;/|\n]+|\([^()\p{L}]*\p{L}[^()]*\)|\s(?=97[89])|(?<=\d{10}|\d{9}[Xx])\s+(?=\d)/u)
  let first: string | undefined
  for (const part of parts) {
    const digits = digitsOf(part)
    const isbn13 = digits === undefined ? undefined : toIsbn13(digits)
    if (isbn13 === undefined) continue
    if (digits?.length === 13) return { isbn13 }
    first ??= isbn13
  }
  return first === undefined ? { problem: problemOf(text) } : { isbn13: first }
}

function problemOf(text: string): string {
  const digits = text.replace(/[^\dXx]/g, '')
  if (/^B0[\dA-Z]{8}$/.test(text)) return 'This is a number of Amazon (ASIN), not an ISBN.'
  if (digits.length !== 10 && digits.length !== 13) return `An ISBN has 10 or 13 digits, this has ${digits.length}.`
  if (digits.length === 13 && !/^97[89]/.test(digits)) return 'An ISBN of 13 digits begins with 978 or 979.'
  return 'The check digit does not fit the other digits.'
}
