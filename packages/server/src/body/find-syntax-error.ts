/** What may stand at a place of a JSON text. */
type Expected = 'value' | 'value or ]' | 'key or }' | 'key' | ':' | ', or end' | 'nothing'

const SPACE = /[ \t\n\r]*/y
const ESCAPE = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y
const SCALAR = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y

const QUOTE = 0x22
const BACKSLASH = 0x5c
const FIRST_PRINTABLE = 0x20

/**
 * Where a text stops being JSON (RFC 8259), as an index into it; its length when it only ends too early. JSON.parse itself says so
 * only in some of its messages, which also repeat pieces of the text. Call it for texts that JSON.parse refuses.
 */
export function findSyntaxError(text: string): number {
  const open: ('{' | '[')[] = []
  let expected: Expected = 'value'
  let at = 0
  const afterValue = (): Expected => (open.length === 0 ? 'nothing' : ', or end')
  const take = (pattern: RegExp): boolean => {
    pattern.lastIndex = at
    if (!pattern.test(text)) return false
    at = pattern.lastIndex
    return true
  }
  // A loop, not one pattern: on a string of many megabytes a pattern runs out of stack.
  const takeString = (): boolean => {
    if (text[at] !== '"') return false
    at += 1
    for (;;) {
      const code = text.charCodeAt(at)
      if (code === QUOTE) {
        at += 1
        return true
      }
      if (code === BACKSLASH ? !take(ESCAPE) : !(code >= FIRST_PRINTABLE)) return false
      if (code !== BACKSLASH) at += 1
    }
  }
  for (;;) {
    take(SPACE)
    const char = text[at]
    if (char === undefined) return at
    const mayBeValue: boolean = expected === 'value' || expected === 'value or ]'
    const closes: boolean =
      (char === ']' && open.at(-1) === '[' && (expected === 'value or ]' || expected === ', or end')) ||
      (char === '}' && open.at(-1) === '{' && (expected === 'key or }' || expected === ', or end'))
    if (closes) {
      open.pop()
      at += 1
      expected = afterValue()
    } else if (mayBeValue && (char === '{' || char === '[')) {
      open.push(char)
      at += 1
      expected = char === '{' ? 'key or }' : 'value or ]'
    } else if (mayBeValue && (takeString() || take(SCALAR))) {
      expected = afterValue()
    } else if ((expected === 'key' || expected === 'key or }') && takeString()) {
      expected = ':'
    } else if (expected === ':' && char === ':') {
      at += 1
      expected = 'value'
    } else if (expected === ', or end' && char === ',') {
      at += 1
      expected = open.at(-1) === '{' ? 'key' : 'value'
    } else {
      return at
    }
  }
}
