/** Longer ones are no ratings, in characters. */
const LENGTH_AT_MOST = 40

/** 0 to 5 in quarters, null where a book is not rated, undefined where a field is no rating. */
export function readRating(field: string): number | null | undefined {
  if (field === '' || field === '0') return null
  if (field.length === 1) return field >= '1' && field <= '5' ? Number(field) : readWritten(field)
  return readWritten(field)
}

function readWritten(field: string): number | null | undefined {
  const text = field.trim()
  if (text === '') return null
  if (text.length > LENGTH_AT_MOST) return undefined
  const stars = /^[★⭐✭*]+[½]?[☆✩]*$/u.exec(text)
  if (stars !== null) return quarters((text.match(/[★⭐✭*]/gu) ?? []).length + (text.includes('½') ? 0.5 : 0))
  const found = /^(?=[\d.,½])(\d+(?:[.,]\d+)?|[.,]\d+)?\s*(½)?\s*(?:(?:\/|of|out of|von|sur)\s*(\d+)|(%)|stars?)?$/i.exec(text)
  if (found === null) return undefined
  const [, number = '0', half, scale, percent] = found
  const value = Number(number.replace(',', '.')) + (half === undefined ? 0 : 0.5)
  const most = percent === undefined ? Number(scale ?? 5) : 100
  return most > 0 ? quarters((value / most) * 5) : undefined
}

function quarters(value: number): number | null | undefined {
  if (value < 0 || value > 5) return undefined
  return value === 0 ? null : Math.round(value * 4) / 4
}
