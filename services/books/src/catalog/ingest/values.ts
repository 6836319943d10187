/** What sources write, in the form in which the catalog keeps it. */

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
