/** The characters that the reading model knows, by its classes: class 0 is `nothing`, the last one a space. */
export function keysOf(file: string): string[] {
  const lines = file.split('\n')
  if (lines.at(-1) === '') lines.pop()
  return ['', ...lines.map((line) => line.replace(/\r$/u, '')), ' ']
}
