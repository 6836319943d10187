import { open } from 'node:fs/promises'
import { LINES_PER_PART, listText } from './list-text.js'

/** Writes the rules as a JSON array. Gives the bytes written. */
export function writeJson(file: string, rules: readonly string[]): Promise<number> {
  return writeChunks(file, jsonChunks(rules))
}

/** Writes the rules as plain text: joined with a line feed. Gives the bytes written. */
export function writeText(file: string, rules: readonly string[]): Promise<number> {
  return writeChunks(file, listText(rules))
}

/** `JSON.stringify(rules)` in pieces. */
export function* jsonChunks(rules: readonly string[]): Generator<string, void, undefined> {
  if (rules.length === 0) yield '['
  for (let from = 0; from < rules.length; from += LINES_PER_PART) {
    const array = JSON.stringify(rules.slice(from, from + LINES_PER_PART))
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
