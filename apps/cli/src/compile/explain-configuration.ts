import type { CompileError, FieldError } from '@headway/filters/compiler'
import { isMap, isPair, isScalar, isSeq, LineCounter, parseDocument } from 'yaml'
import type { Node, Pair } from 'yaml'
import { CommandError } from '../command-error.js'
import { EXIT } from '../exit-codes.js'
import { cleanLine } from '../text/clean.js'
import type { ConfigurationFile } from './configuration-file.js'

/** What is wrong with a configuration: each mistake with its line, its column and its JSON pointer. */
export function explainConfiguration(file: ConfigurationFile | undefined, { message, fields = [] }: CompileError): CommandError {
  if (file === undefined || fields.length === 0) return new CommandError(cleanLine(message), EXIT.usage)
  const places = new Places(file.text)
  const lines = fields.map(({ pointer, message: what }: FieldError) => {
    const place = places.of(pointer)
    return `  ${file.name}${place}: ${pointer === '' ? '' : `${cleanLine(pointer)}: `}${cleanLine(what)}`
  })
  return new CommandError(`This configuration can't be used:\n${lines.join('\n')}`, EXIT.usage)
}

/** Where things stand in a text of JSON or YAML (which takes JSON, too). */
class Places {
  readonly #lines = new LineCounter()
  readonly #root: Node | null

  constructor(text: string) {
    this.#root = parseDocument(text, { lineCounter: this.#lines, uniqueKeys: false }).contents
  }

  /** `:line:column` of what a JSON pointer points to, or of the nearest thing around it that is there. */
  of(pointer: string): string {
    let found: unknown = this.#root
    let offset = offsetOf(found)
    for (const word of pointer.split('/').slice(1)) {
      const step = child(found, word.replaceAll('~1', '/').replaceAll('~0', '~'))
      if (step === undefined) break
      offset = offsetOf(step)
      found = isPair(step) ? step.value : step
    }
    if (offset === undefined) return ''
    const { line, col } = this.#lines.linePos(offset)
    return `:${line}:${col}`
  }
}

function child(node: unknown, key: string): Pair | Node | undefined {
  if (isMap(node)) return node.items.find((pair) => isScalar(pair.key) && String(pair.key.value) === key)
  if (isSeq(node)) return node.items[Number(key)] as Node | undefined
  return undefined
}

/** Of a pair, its key begins: that is where one looks for a field. */
function offsetOf(thing: unknown): number | undefined {
  return ((isPair(thing) ? thing.key : thing) as Node | null)?.range?.[0]
}
