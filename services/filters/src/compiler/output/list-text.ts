/** Lines of a list that are written at a time. */
export const LINES_PER_PART = 4_096

/** The text of a list in pieces: its lines with a line feed between them, none at the end. */
export function* listText(lines: readonly string[]): Generator<string, void, undefined> {
  for (let start = 0; start < lines.length; start += LINES_PER_PART) {
    const part = lines.slice(start, start + LINES_PER_PART).join('\n')
    yield start === 0 ? part : `\n${part}`
  }
}
