const EXCLAMATION = 33
const HASH = 35
const SPACE = 32

/** True for a comment: it starts with `!`, `# ` or `####`, or is `#`. `#x`, `##ad` and indented ones are rules. */
export function isComment(line: string): boolean {
  const first = line.charCodeAt(0)
  if (first === EXCLAMATION) return true
  if (first !== HASH) return false
  if (line.length === 1) return true
  const second = line.charCodeAt(1)
  return second === SPACE || (second === HASH && line.charCodeAt(2) === HASH && line.charCodeAt(3) === HASH)
}
