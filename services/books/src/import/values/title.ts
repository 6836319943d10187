import { cleanText } from './text.js'

/** Goodreads writes the series behind a title: `Catching Fire (The Hunger Games, #2)`. */
const SERIES_BEHIND = /^(.*\S)\s*\(([^()]*[^(),\s]),?\s*#(\d[\d.,–-]*)\)$/u

export interface ReadTitle {
  readonly title: string
  readonly series?: string
}

export function readTitle(field: string): ReadTitle {
  const text = cleanText(field)
  if (!text.endsWith(')') || text.length > LENGTH_AT_MOST) return { title: text }
  const found = SERIES_BEHIND.exec(text)
  return found === null ? { title: text } : { title: found[1] ?? text, series: `${found[2]} #${found[3]}` }
}

/** A longer title is left as it is, in characters. */
const LENGTH_AT_MOST = 1000

/** `The Hunger Games #2`, or the name alone. A number of 0 or 1 stands in Calibre's files for no series too. */
export function seriesOf(name: string, index: string): string | undefined {
  const series = cleanText(name)
  if (series === '') return undefined
  const number = /^\d+(?:[.,]\d+)?$/.test(index.trim()) ? String(Number(index.trim().replace(',', '.'))) : undefined
  return number === undefined || series.includes('#') ? series : `${series} #${number}`
}
