import { stripVTControlCharacters } from 'node:util'

/**
 * A text of somebody else's without anything that a terminal would obey: escape sequences go whole, other control characters but for tab and
 * line feed are left out. So a job's output can't move the cursor, change the title or answer for the keyboard.
 */
export function clean(text: string): string {
  return isPlain(text) ? text : stripVTControlCharacters(text).replaceAll(/(?![\t\n])\p{Cc}/gu, '')
}

/** The same, on one line. */
export function cleanLine(text: string): string {
  return clean(text).replaceAll(/[\t\n]+/g, ' ')
}

/** Most lines have nothing to take out. */
function isPlain(text: string): boolean {
  return !/(?![\t\n])\p{Cc}/u.test(text)
}
