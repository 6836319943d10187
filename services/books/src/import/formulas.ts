/** A spreadsheet takes what begins so for a formula (OWASP, CSV injection). */
const FORMULA = /^'*[=+\-@\t\r]/
const NEUTRAL = /^'+[=+\-@\t\r]/
/** A number with a sign is only a number. */
const NUMBER = /^[+-]\d{1,20}(?:[.,]\d{1,20})?$/

/** A field as a spreadsheet shows it and doesn't run it: with an apostrophe before it. */
export function neutralise(field: string): string {
  return FORMULA.test(field) && !NUMBER.test(field) ? `'${field}` : field
}

/** The field that was neutralised. */
export function revive(field: string): string {
  return field.startsWith("'") && NEUTRAL.test(field) ? field.slice(1) : field
}
