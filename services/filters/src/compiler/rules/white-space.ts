/** True for the code units that `trim()` and `\s` take for white space, line ends included. */
export function isSpace(code: number): boolean {
  if (code < 128) return code === 32 || (code >= 9 && code <= 13)
  if (code < 0x1680) return code === 0xa0
  return (
    code === 0x1680 ||
    (code >= 0x2000 && code <= 0x200a) ||
    code === 0x2028 ||
    code === 0x2029 ||
    code === 0x202f ||
    code === 0x205f ||
    code === 0x3000 ||
    code === 0xfeff
  )
}

/** True for a line of white space only, and for an empty one. */
export function isBlank(line: string): boolean {
  for (let i = 0; i < line.length; i++) if (!isSpace(line.charCodeAt(i))) return false
  return true
}

/** `line.trim()`, and the very same string where there is nothing to trim. */
export function trimmed(line: string): string {
  const { length } = line
  if (length === 0) return line
  return isSpace(line.charCodeAt(0)) || isSpace(line.charCodeAt(length - 1)) ? line.trim() : line
}
