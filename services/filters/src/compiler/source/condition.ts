import { CompileError } from '../compile-error.js'

const CLOSED = ')'

/**
 * Evaluates the expression of an `!#if`. No constant is defined: `true` alone is true and any other operand is false. Operators are `!`,
 * `&&`, `||` and parentheses. Linear time, without recursion.
 *
 * @throws CompileError INVALID_DIRECTIVE for an empty operand or unbalanced parentheses
 */
export function evaluateCondition(expression: string): boolean {
  const parser = new ConditionParser(expression)
  return parser.run()
}

/** Everything of one pair of parentheses: what the alternatives so far gave, and the factors of the one that is being read. */
interface Group {
  any: boolean
  all: boolean
  isNegated: boolean
}

class ConditionParser {
  readonly #text: string
  #at = 0

  constructor(text: string) {
    this.#text = text
  }

  run(): boolean {
    const groups: Group[] = [{ any: false, all: true, isNegated: false }]
    for (;;) {
      const isNegated = this.#negations()
      if (this.#takes('(')) {
        groups.push({ any: false, all: true, isNegated })
        continue
      }
      let value = this.#operand() !== isNegated
      for (;;) {
        const group = groups.at(-1) as Group
        group.all &&= value
        if (this.#takes('&&')) break
        group.any ||= group.all
        group.all = true
        if (this.#takes('||')) break
        if (this.#takes(CLOSED)) {
          groups.pop()
          if (groups.length === 0) throw this.#error('has a closing parenthesis too many')
          value = group.any !== group.isNegated
          continue
        }
        if (this.#at < this.#text.length) throw this.#error('has something after a parenthesis that is no operator')
        if (groups.length > 1) throw this.#error('has a parenthesis that is not closed')
        return group.any
      }
    }
  }

  /** True for an odd number of `!`. */
  #negations(): boolean {
    let isNegated = false
    while (this.#takes('!')) isNegated = !isNegated
    return isNegated
  }

  #operand(): boolean {
    const from = this.#at
    while (this.#at < this.#text.length && !this.#isOperator()) this.#at++
    const operand = this.#text.slice(from, this.#at).trim()
    if (operand === '') throw this.#error('lacks an operand')
    return operand === 'true'
  }

  #isOperator(): boolean {
    const character = this.#text[this.#at]
    return character === '(' || character === CLOSED || this.#text.startsWith('&&', this.#at) || this.#text.startsWith('||', this.#at)
  }

  #takes(token: string): boolean {
    while (this.#at < this.#text.length && this.#text.charAt(this.#at).trim() === '') this.#at++
    if (!this.#text.startsWith(token, this.#at)) return false
    this.#at += token.length
    return true
  }

  #error(what: string): CompileError {
    const shown = this.#text.length > 100 ? `${this.#text.slice(0, 100)}...` : this.#text
    return new CompileError('INVALID_DIRECTIVE', `The condition "!#if ${shown}" ${what}.`)
  }
}
