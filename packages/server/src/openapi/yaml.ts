import { setImmediate as pause } from 'node:timers/promises'
import type { ApiDocument } from './document.js'

/** As readers of YAML 1.1 understand it, too: to them a bare time is no text. */
const WRITING = { aliasDuplicateObjects: false, lineWidth: 0, blockQuote: 'literal', compat: 'yaml-1.1' } as const

/**
 * Writes a document as YAML 1.2, its members in their order. It is written in pieces, so that others get their turn: a large document takes
 * a tenth of a second.
 */
export async function writeYaml(document: ApiDocument): Promise<string> {
  const { stringify } = await import('yaml')
  const write = (value: unknown): string => stringify(value, WRITING)
  const pieces: string[] = []
  for (const [name, value] of Object.entries(document)) {
    if (!isMap(value)) {
      pieces.push(write({ [name]: value }))
      continue
    }
    pieces.push(`${name}:\n`)
    for (const member of Object.entries(value)) {
      pieces.push(indent(write(Object.fromEntries([member]))))
      await pause()
    }
  }
  return pieces.join('')
}

function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && Object.keys(value).length > 0
}

function indent(text: string): string {
  return text.replaceAll(/^(?=.)/gm, '  ')
}
