/** The case of one code unit taken away as a regular expression with the flag `i` does: ASCII and the rest never meet. */
export function foldCode(code: number): number {
  if (code < 128) return code >= 97 && code <= 122 ? code - 32 : code
  const upper = String.fromCharCode(code).toUpperCase()
  if (upper.length !== 1) return code
  const folded = upper.charCodeAt(0)
  return folded < 128 ? code : folded
}

const ASCII_LOWER = /[a-z]/u
const NOT_ASCII = /[^\0-\x7F]/

/** A text whose case is taken away, code unit by code unit. */
export function fold(text: string): string {
  if (!NOT_ASCII.test(text)) return ASCII_LOWER.test(text) ? text.toUpperCase() : text
  const parts: string[] = []
  const units = new Uint16Array(Math.min(text.length, 8_192))
  for (let from = 0; from < text.length; from += units.length) {
    const count = Math.min(units.length, text.length - from)
    for (let i = 0; i < count; i++) units[i] = foldCode(text.charCodeAt(from + i))
    parts.push(String.fromCharCode(...units.subarray(0, count)))
  }
  return parts.join('')
}
