import { CompileError } from '../compile-error.js'

/**
 * Evaluates the expression of an `!#if`. No constant is defined: `true` alone is true and any other operand is false. Operators are `!`,
 * `&&`, `||` and parentheses. Linear time, without recursion.
 *
 * @throws CompileError INVALID_DIRECTIVE for an empty operand or unbalanced parentheses
 */
export function evaluateCondition(expression: string): boolean {
  return new ConditionParser(expression).run()
}

/** One pair of parentheses, or the whole: what its alternatives so far gave, and the factors of the one that is being read. */
interface Group {
  any: boolean
  all: boolean
  readonly isNegated: boolean
}

class ConditionParser {
  readonly #text: string
  /** For each opening parenthesis where its closing one is. */
  readonly #closing = new Map<number, number>()
  #at = 0

  constructor(text: string) {
    this.#text = text
    const open: number[] = []
    for (let at = 0; at < text.length; at++) {
      if (text[at] === '(') open.push(at)
      else if (text[at] === ')') this.#closing.set(open.pop() ?? this.#unbalanced(), at)
    }
    if (open.length > 0) this.#unbalanced()
  }

  run(): boolean {
    const groups: Group[] = [{ any: false, all: true, isNegated: false }]
    for (;;) {
      let isNegated = false
      while (this.#takes('!')) isNegated = !isNegated
      if (this.#isGroup()) {
        this.#at++
        groups.push({ any: false, all: true, isNegated })
        continue
      }
      const value = this.#endGroups(groups, this.#operand() !== isNegated)
      if (value !== undefined) return value
    }
  }

  /** Adds a value and ends the groups that end after it. Gives what all came to, or undefined where an operator wants another operand. */
  #endGroups(groups: Group[], operand: boolean): boolean | undefined {
    let value = operand
    for (;;) {
      const group = groups.at(-1) as Group
      group.all &&= value
      if (this.#takes('&&')) return undefined
      group.any ||= group.all
      group.all = true
      if (this.#takes('||')) return undefined
      if (!this.#takes(')')) return group.any
      groups.pop()
      value = group.any !== group.isNegated
    }
  }

  /** True for an opening parenthesis that is one of the expression: after its closing one an operator comes, or the end. */
  #isGroup(): boolean {
    const closing = this.#closing.get(this.#at)
    if (closing === undefined) return false
    let next = closing + 1
    while (next < this.#text.length && this.#isSpace(next)) next++
    return next === this.#text.length || this.#isOperator(next)
  }

  /** Anything up to the next operator, parentheses within it included. */
  #operand(): boolean {
    const from = this.#at
    while (this.#at < this.#text.length && !this.#isOperator(this.#at)) this.#at = (this.#closing.get(this.#at) ?? this.#at) + 1
    const operand = this.#text.slice(from, this.#at).trim()
    if (operand === '') throw this.#error('lacks an operand')
    return operand === 'true'
  }

  #isOperator(at: number): boolean {
    return this.#text[at] === ')' || this.#text.startsWith('&&', at) || this.#text.startsWith('||', at)
  }

  #takes(token: string): boolean {
    while (this.#at < this.#text.length && this.#isSpace(this.#at)) this.#at++
    if (!this.#text.startsWith(token, this.#at)) return false
    this.#at += token.length
    return true
  }

  #isSpace(at: number): boolean {
    return this.#text.charAt(at).trim() === ''
  }

  #unbalanced(): never {
    throw this.#error('has parentheses that do not match')
  }

  #error(what: string): CompileError {
    const shown = this.#text.length > 100 ? `${this.#text.slice(0, 100)}...` : this.#text
    return new CompileError('INVALID_DIRECTIVE', `The condition "!#if ${shown}" ${what}.`)
  }
}
