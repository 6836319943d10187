import { cleanText, cutText } from './text.js'

/** What stands in the brackets: a name and a number. */
const SERIES = /^([^#]*[^#,\s]),?\s*#(\d[\d.,–-]{0,20})$/u
/** Of a longer title only so much is read, in characters: the catalog is asked for it. `raw` has all of it. */
export const TITLE_LENGTH = 1000
/** A longer name is no series, in characters. */
const LENGTH_AT_MOST = 300

export interface ReadTitle {
  readonly title: string
  readonly series?: string
}

/** Goodreads writes the series behind a title: `Catching Fire (The Hunger Games, #2)`. */
export function readTitle(field: string): ReadTitle {
  const text = cutText(cleanText(field), TITLE_LENGTH)
  if (!text.endsWith(')')) return { title: text }
  const bracket = text.lastIndexOf('(')
  const title = text.slice(0, bracket).trimEnd()
  const inside = text.slice(bracket + 1, -1)
  const found = bracket === -1 || title === '' || inside.length > LENGTH_AT_MOST ? null : SERIES.exec(inside)
  return found === null ? { title: text } : { title, series: `${found[1]} #${found[2]}` }
}

/** `The Hunger Games #2`, or the name alone. A number of 0 or 1 stands in Calibre's files for no series too. */
export function seriesOf(name: string, index: string): string | undefined {
  const series = cleanText(name)
  if (series === '') return undefined
  const number = /^\d+(?:[.,]\d+)?$/.test(index.trim()) ? String(Number(index.trim().replace(',', '.'))) : undefined
  return number === undefined || series.includes('#') ? series : `${series} #${number}`
}
