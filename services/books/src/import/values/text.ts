import { decode } from 'html-entities'

/** So much of a text as is kept of one that is longer. @param length in characters; a pair of surrogates is not taken apart */
export function cutText(text: string, length: number): string {
  if (text.length <= length) return text
  const code = text.charCodeAt(length - 1)
  return text.slice(0, code >= 0xd800 && code <= 0xdbff ? length - 1 : length)
}

/** White space made single blanks, entities of HTML decoded. */
export function cleanText(field: string): string {
  const text = field.includes('&') ? decode(field) : field
  return needsCollapse(text) ? text.replace(/\s+/g, ' ').trim() : text
}

function needsCollapse(text: string): boolean {
  const { length } = text
  let wasBlank = true
  for (let at = 0; at < length; at++) {
    const code = text.charCodeAt(at)
    if (code > 0x7f && isWideBlank(code)) return true
    const isBlank = code <= 0x20
    if (isBlank && (wasBlank || code !== 0x20)) return true
    wasBlank = isBlank
  }
  return wasBlank && length > 0
}

/** What else is white space to a regular expression, and some of its neighbours. */
function isWideBlank(code: number): boolean {
  return code === 0xa0 || code === 0x1680 || (code >= 0x2000 && code <= 0x205f) || code === 0x3000 || code === 0xfeff
}

/** A whole number from 1, as pages and times are counted: `304`, `304 p.`, `1,024`. */
export function readCount(field: string): number | undefined {
  if (field === '' || field === '0') return undefined
  const plain = Number(field)
  if (field.length < 6 && Number.isInteger(plain) && plain > 0) return plain
  const found = /^\s*(\d{1,3}(?:[,.\u00a0]\d{3})+|\d{1,9})(?:[.,]0+)?(?:\D.{0,40})?$/.exec(field)
  if (found === null) return undefined
  const count = Number((found[1] ?? '').replace(/\D/g, ''))
  return count > 0 ? count : undefined
}

/** The parts of a list, without blanks and empty ones. */
export function listOf(field: string, separator: RegExp): string[] {
  return field
    .split(separator)
    .map((part) => cleanText(part))
    .filter((part) => part !== '')
}
