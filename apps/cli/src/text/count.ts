/** A whole number with a comma before each three digits: `1,234,567`. */
export function count(number: number): string {
  return String(number).replaceAll(/\B(?=(?:\d{3})+$)/g, ',')
}
