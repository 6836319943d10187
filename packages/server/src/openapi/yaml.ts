import { setImmediate as pause } from 'node:timers/promises'
import type { ApiDocument } from './document.js'

/** As readers of YAML 1.1 understand it, too: to them a bare time is no text. */
const WRITING = { aliasDuplicateObjects: false, lineWidth: 0, blockQuote: 'literal', compat: 'yaml-1.1' } as const

/** Down to this depth a document is written in pieces of one member each. */
const PIECES_DEPTH = 3

/**
 * Writes a document as YAML 1.2, its members in their order. Others get their turn between its pieces: a large document takes a tenth of a
 * second.
 */
export async function writeYaml(document: ApiDocument): Promise<string> {
  const { stringify } = await import('yaml')
  const lines: string[] = []
  const write = async (map: ApiDocument, depth: number): Promise<void> => {
    for (const [name, value] of Object.entries(map)) {
      const isSplit = depth < PIECES_DEPTH && isMap(value)
      const text = stringify({ [name]: isSplit ? null : value }, WRITING).replace(isSplit ? / null\n$/ : /\n$/, '')
      for (const line of text.split('\n')) lines.push(line === '' ? line : '  '.repeat(depth - 1) + line)
      if (isSplit) await write(value, depth + 1)
      else await pause()
    }
  }
  await write(document, 1)
  return `${lines.join('\n')}\n`
}

function isMap(value: unknown): value is ApiDocument {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && Object.keys(value).length > 0
}
