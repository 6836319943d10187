/** From here on characters may be two columns wide. Some are not: those only make a text seem longer than it is. */
const FIRST_WIDE = 0x1100

/** The beginning of a text that surely fits into so many columns of a terminal. */
export function fitColumns(text: string, columns: number): string {
  let used = 0
  let end = 0
  for (const character of text) {
    used += (character.codePointAt(0) ?? 0) >= FIRST_WIDE ? 2 : 1
    if (used > columns) return text.slice(0, end)
    end += character.length
  }
  return text
}
