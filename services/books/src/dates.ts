const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']

/** The number of a month by its English name or the beginning of it, from 1; 0 where it is none. */
export function monthOf(name: string): number {
  return MONTHS.indexOf(name.slice(0, 3).toLowerCase()) + 1
}

/** Longer ones are no dates, in characters. */
const MAX_DATE = 100
/** Years before printing are a program's way to say that it does not know. */
const FIRST_YEAR = 1400

const ISO = /^(\d{4})(?:-(\d\d)(?:-(\d\d))?)?(?:T.*)?$/
const MONTH_FIRST = /^([a-z]{3})[a-z]*\.?,?\s+(?:(\d{1,2})(?:st|nd|rd|th)?,?\s+)?(\d{4})$/i
const DAY_FIRST = /^(\d{1,2})(?:st|nd|rd|th|\.)?\s+([a-z]{3})[a-z]*\.?,?\s+(\d{4})$/i
const YEAR_SOMEWHERE = /(?<!\d)(1[4-9]\d\d|20\d\d)(?!\d)/

/**
 * When a book was published, as sources say it: `September 6, 2006`, `6. Sep 2006`, `Sept 2006`, `c2006`, ISO become `2006-09-06`, `2006-09`,
 * `2006`. Days of unclear order are left out.
 */
export function publicationDate(text: string): string | undefined {
  const bare = text.trim().slice(0, MAX_DATE)
  const iso = ISO.exec(bare)
  if (iso !== null) return dated(iso[1], Number(iso[2] ?? 0), Number(iso[3] ?? 0))
  const [, month, day, year] = MONTH_FIRST.exec(bare) ?? []
  if (month !== undefined) return dated(year, monthOf(month), Number(day ?? 0))
  const [, firstDay, secondMonth, lastYear] = DAY_FIRST.exec(bare) ?? []
  if (secondMonth !== undefined) return dated(lastYear, monthOf(secondMonth), Number(firstDay))
  return YEAR_SOMEWHERE.exec(bare)?.[1]
}

function dated(year: string | undefined, month: number, day: number): string | undefined {
  if (year === undefined || Number(year) < FIRST_YEAR) return undefined
  if (month < 1 || month > 12) return year
  const upToMonth = `${year}-${String(month).padStart(2, '0')}`
  return day < 1 || day > 31 ? upToMonth : `${upToMonth}-${String(day).padStart(2, '0')}`
}
