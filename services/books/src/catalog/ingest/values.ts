/** What sources write, in the form in which the catalog keeps it. */

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']
const MONTH = `(${MONTHS.join('|')})[a-z]*\\.?`
const MONTH_DAY_YEAR = new RegExp(`^${MONTH}\\s+(\\d{1,2})(?:st|nd|rd|th)?,?\\s+(\\d{4})$`, 'i')
const DAY_MONTH_YEAR = new RegExp(`^(\\d{1,2})\\.?\\s+${MONTH},?\\s+(\\d{4})$`, 'i')
const MONTH_YEAR = new RegExp(`^${MONTH},?\\s+(\\d{4})$`, 'i')
const YEAR_SOMEWHERE = /(?<!\d)(1[4-9]\d\d|20\d\d)(?!\d)/

/** A date of publication as `2008`, `2008-09` or `2008-09-14`; of one in another form the year. */
export function dateOf(text: string): string | undefined {
  const bare = text.trim()
  const iso = /^(\d{4})(?:-(\d\d)(?:-(\d\d))?)?(?:T.*)?$/.exec(bare)
  if (iso !== null) return dateFrom(iso[1], iso[2], iso[3])
  const mdy = MONTH_DAY_YEAR.exec(bare)
  if (mdy !== null) return dateFrom(mdy[3], monthOf(mdy[1]), mdy[2])
  const dmy = DAY_MONTH_YEAR.exec(bare)
  if (dmy !== null) return dateFrom(dmy[3], monthOf(dmy[2]), dmy[1])
  const my = MONTH_YEAR.exec(bare)
  if (my !== null) return dateFrom(my[2], monthOf(my[1]), undefined)
  return YEAR_SOMEWHERE.exec(bare)?.[1]
}

/** Years before printing are a program's way to say that it does not know. */
function dateFrom(year: string | undefined, month: string | undefined, day: string | undefined): string | undefined {
  if (year === undefined || Number(year) < 1400) return undefined
  if (month === undefined || Number(month) < 1 || Number(month) > 12) return year
  if (day === undefined || Number(day) < 1 || Number(day) > 31) return `${year}-${month}`
  return `${year}-${month}-${day.padStart(2, '0')}`
}

function monthOf(name = ''): string {
  return String(MONTHS.indexOf(name.slice(0, 3).toLowerCase()) + 1).padStart(2, '0')
}

/** Of no language, several, or one that nobody named. */
const NO_LANGUAGE = new Set(['und', 'mul', 'zxx', 'mis'])

/** The short code of a language that a source names by any of its codes: `eng`, `ger`, `deu` and `de` are `en`, `de`, `de` and `de`. */
export function languageOf(code: string): string | undefined {
  const bare = code.trim().toLowerCase()
  if (!/^[a-z]{2,3}$/.test(bare) || NO_LANGUAGE.has(bare)) return undefined
  return Intl.getCanonicalLocales(bare)[0]
}

/** White space collapsed; undefined where nothing is left. */
export function textOf(value: unknown): string | undefined {
  if (typeof value !== 'string') return undefined
  const text = value.replaceAll(/[\s\0]+/g, ' ').trim()
  return text === '' ? undefined : text
}

/** The texts among what should be a list of texts. */
export function textsOf(value: unknown): string[] {
  return Array.isArray(value) ? value.flatMap((item) => textOf(item) ?? []) : (oneText(value) ?? [])
}

function oneText(value: unknown): string[] | undefined {
  const text = textOf(value)
  return text === undefined ? undefined : [text]
}

/** More pages than any book has are a mistake. */
const MAX_PAGES = 50_000

export function pagesOf(value: unknown): number | undefined {
  const pages = typeof value === 'number' ? value : Number(/\d+/.exec(typeof value === 'string' ? value : '')?.[0])
  return Number.isInteger(pages) && pages > 0 && pages <= MAX_PAGES ? pages : undefined
}

/** "Tolkien, J. R. R." as it stands on a cover. */
export function nameTurnedRound(name: string): string {
  const parts = name.split(',').map((part) => part.trim())
  const [last = '', first = '', ...rest] = parts
  return first === '' ? name.replace(/,\s*$/, '').trim() : [first, last, ...rest].filter((part) => part !== '').join(' ')
}
