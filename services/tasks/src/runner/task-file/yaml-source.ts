import { isMap, isNode, isScalar, LineCounter, parseDocument } from 'yaml'
import type { Document, Node } from 'yaml'
import { fieldText } from './issues.js'
import type { TaskFileIssue } from './issues.js'

/** Not a key like others in JavaScript: what reads the file would drop it without a word. */
const PROTO = '__proto__'

/** A YAML text, its value, and where each part of it is. */
export class YamlSource {
  /** What is wrong with the YAML itself: syntax, keys that are there twice. */
  readonly issues: readonly TaskFileIssue[]
  readonly value: unknown
  readonly #document: Document.Parsed
  readonly #lines = new LineCounter()

  constructor(text: string) {
    this.#document = parseDocument(text, { lineCounter: this.#lines, prettyErrors: false, version: '1.2' })
    const issues = this.#document.errors.map(({ pos, message }) => this.#issueAt(pos[0], '', message))
    let value: unknown
    try {
      value = this.#document.toJS({ maxAliasCount: 100 })
      for (const path of protoKeys(value)) issues.push(this.issue(path, `"${PROTO}" can not be a name`, 'key'))
    } catch (error) {
      issues.push(this.#issueAt(0, '', (error as Error).message))
    }
    this.issues = issues
    this.value = value
  }

  /** A mistake at a path of the value; where nothing is there, at the nearest part above. `key` marks the key instead of its value. */
  issue(path: readonly PropertyKey[], message: string, mark: 'value' | 'key' = 'value'): TaskFileIssue {
    return this.#issueAt(this.#offset(path, mark), fieldText(path), message)
  }

  #issueAt(offset: number, field: string, message: string): TaskFileIssue {
    const { line, col } = this.#lines.linePos(offset)
    return { line: Math.max(1, line), column: Math.max(1, col), field, message }
  }

  #offset(path: readonly PropertyKey[], mark: 'value' | 'key'): number {
    for (let length = path.length; length >= 0; length -= 1) {
      const start = this.#startOf(path.slice(0, length), length === path.length ? mark : 'key')
      if (start !== undefined) return start
    }
    return 0
  }

  #startOf(path: readonly PropertyKey[], mark: 'value' | 'key'): number | undefined {
    const last = path.at(-1)
    const parent = this.#nodeAt(path.slice(0, -1))
    if (mark === 'key' && typeof last === 'string' && isMap(parent)) {
      const key = parent.items.find(({ key }) => isScalar(key) && key.value === last)?.key
      if (isNode(key)) return key.range?.[0]
    }
    return this.#nodeAt(path)?.range?.[0]
  }

  #nodeAt(path: readonly PropertyKey[]): Node | undefined {
    const node: unknown = path.length === 0 ? this.#document.contents : this.#document.getIn(path, true)
    return isNode(node) ? node : undefined
  }
}

/** The paths of keys that are `__proto__`. Parts that aliases repeat are looked at once. */
function protoKeys(value: unknown, path: readonly (string | number)[] = [], seen = new Set<object>()): (string | number)[][] {
  if (typeof value !== 'object' || value === null || seen.has(value)) return []
  seen.add(value)
  if (Array.isArray(value)) return value.flatMap((item, index) => protoKeys(item, [...path, index], seen))
  return Object.entries(value).flatMap(([key, member]) => (key === PROTO ? [[...path, key]] : protoKeys(member, [...path, key], seen)))
}
