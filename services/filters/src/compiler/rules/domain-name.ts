const DOT = 46
const HYPHEN = 45
/** The longest label of a name. */
export const MAX_LABEL_LENGTH = 63
/** The longest name, with its dots. */
export const MAX_NAME_LENGTH = 255

/** True for ASCII letters and digits. */
export function isAlphanumeric(code: number): boolean {
  return (code >= 97 && code <= 122) || (code >= 48 && code <= 57) || (code >= 65 && code <= 90)
}

/**
 * True for a line that is nothing but a name with a dot in it: labels as {@link countDots} has them, of at most 63 characters (255 together).
 */
export function isBareDomain(line: string): boolean {
  return line.length <= MAX_NAME_LENGTH && countDots(line, 0, line.length, MAX_LABEL_LENGTH) > 0
}

/**
 * The dots of a part of a text that is nothing but labels: letters, digits and hyphens between dots, without a hyphen at an end of a label. A
 * dot may end it.
 *
 * @param maxLabelLength of each label
 * @returns -1 for a part that is anything else
 */
export function countDots(text: string, from: number, to: number, maxLabelLength: number): number {
  let labelStart = from
  let dots = 0
  for (let at = from; at <= to; at++) {
    const code = at === to ? DOT : text.charCodeAt(at)
    if (isAlphanumeric(code)) continue
    if (code === HYPHEN) {
      if (at === labelStart) return -1
      continue
    }
    if (code !== DOT) return -1
    if (at === labelStart) return at === to && dots > 0 ? dots : -1
    if (at - labelStart > maxLabelLength || text.charCodeAt(at - 1) === HYPHEN) return -1
    if (at < to) dots++
    labelStart = at + 1
  }
  return dots
}
