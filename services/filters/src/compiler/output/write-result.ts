import { open } from 'node:fs/promises'

/** Lines that are encoded and written together. */
const LINES_PER_CHUNK = 4_096

/** Writes the rules as a JSON array. Gives the bytes written. */
export function writeJson(file: string, rules: readonly string[]): Promise<number> {
  return writeChunks(file, jsonChunks(rules))
}

/** Writes the rules as plain text: joined with a line feed. Gives the bytes written. */
export function writeText(file: string, rules: readonly string[]): Promise<number> {
  return writeChunks(file, textChunks(rules))
}

/** The plain text in pieces that together are `rules.join('\n')`. */
export function* textChunks(rules: readonly string[]): Generator<string, void, undefined> {
  for (let from = 0; from < rules.length; from += LINES_PER_CHUNK) {
    const text = rules.slice(from, from + LINES_PER_CHUNK).join('\n')
    yield from + LINES_PER_CHUNK < rules.length ? `${text}\n` : text
  }
}

/** `JSON.stringify(rules)` in pieces. */
export function* jsonChunks(rules: readonly string[]): Generator<string, void, undefined> {
  if (rules.length === 0) yield '['
  for (let from = 0; from < rules.length; from += LINES_PER_CHUNK) {
    const array = JSON.stringify(rules.slice(from, from + LINES_PER_CHUNK))
    yield (from === 0 ? '[' : ',') + array.slice(1, -1)
  }
  yield ']'
}

async function writeChunks(path: string, chunks: Iterable<string>): Promise<number> {
  const file = await open(path, 'w')
  try {
    let bytes = 0
    for (const chunk of chunks) {
      const buffer = Buffer.from(chunk)
      await file.writeFile(buffer)
      bytes += buffer.byteLength
    }
    return bytes
  } finally {
    await file.close()
  }
}
