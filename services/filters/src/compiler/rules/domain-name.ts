const DOT = 46
const HYPHEN = 45
const MAX_LABEL_LENGTH = 63
const MAX_NAME_LENGTH = 255

/** True for ASCII letters and digits. */
export function isAlphanumeric(code: number): boolean {
  return (code >= 97 && code <= 122) || (code >= 48 && code <= 57) || (code >= 65 && code <= 90)
}

/**
 * True for a line that is nothing but a name with a dot in it: labels of letters, digits and hyphens, of at most 63 characters (255 together),
 * without a hyphen at an end. A dot may end it.
 */
export function isBareDomain(line: string): boolean {
  if (line.length > MAX_NAME_LENGTH) return false
  let labelStart = 0
  let dots = 0
  for (let at = 0; at <= line.length; at++) {
    const code = at === line.length ? DOT : line.charCodeAt(at)
    if (isAlphanumeric(code)) continue
    if (code === HYPHEN) {
      if (at === labelStart) return false
      continue
    }
    if (code !== DOT) return false
    const isLast = at === line.length
    if (isLast && at === labelStart) return dots > 0
    if (at === labelStart || at - labelStart > MAX_LABEL_LENGTH || line.charCodeAt(at - 1) === HYPHEN) return false
    if (!isLast) dots++
    labelStart = at + 1
  }
  return dots > 0
}
