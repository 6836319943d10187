const AT = 64
const BACKSLASH = 92
const COMMA = 44
const SLASH = 47

/** One option of a rule. What follows a second `=` is lost, as in the reference. */
export interface RuleOption {
  readonly name: string
  readonly value: string
}

/** A rule taken apart: `@@` pattern `$` options. */
export interface AdblockRule {
  readonly exception: boolean
  readonly pattern: string
  /** Undefined where the rule has no `$`. */
  readonly options: readonly RuleOption[] | undefined
}

/** Where the `$` is after which the options of a rule begin: the last one that is not escaped; -1 without options. */
export function optionsAt(rule: string, start: number): number {
  let at = rule.lastIndexOf('$')
  while (at > start && rule.charCodeAt(at - 1) === BACKSLASH) at = rule.lastIndexOf('$', at - 1)
  if (at < start || (isRegexRule(rule, start) && !rule.includes('replace=', start))) return -1
  return at
}

/** True for `/.../`, which has no options: a `$` in it is a part of the expression. */
function isRegexRule(rule: string, start: number): boolean {
  return rule.charCodeAt(start) === SLASH && rule.length > start + 1 && rule.charCodeAt(rule.length - 1) === SLASH
}

/** Splits at commas that are not escaped; `\\,` becomes a comma, empty parts are left out. */
function splitOptions(text: string): RuleOption[] {
  const options: RuleOption[] = []
  let from = 0
  let isEscaped = false
  for (let at = 0; at <= text.length; at++) {
    if (at < text.length && text.charCodeAt(at) !== COMMA) continue
    if (at < text.length && at > 0 && text.charCodeAt(at - 1) === BACKSLASH) {
      isEscaped = true
      continue
    }
    const part = text.slice(from, at)
    if (part !== '') options.push(readOption(isEscaped ? part.replaceAll('\\,', ',') : part))
    from = at + 1
    isEscaped = false
  }
  return options
}

function readOption(text: string): RuleOption {
  const equals = text.indexOf('=')
  if (equals === -1) return { name: text, value: '' }
  const end = text.indexOf('=', equals + 1)
  return { name: text.slice(0, equals), value: text.slice(equals + 1, end === -1 ? text.length : end) }
}

/** True for a rule that begins with `@@`. */
export function isException(rule: string): boolean {
  return rule.charCodeAt(0) === AT && rule.charCodeAt(1) === AT
}

/** Takes a trimmed rule apart; undefined for one that is too short to be a rule (`@@`). */
export function parseAdblockRule(rule: string): AdblockRule | undefined {
  const exception = isException(rule)
  if (exception && rule.length <= 2) return undefined
  const start = exception ? 2 : 0
  const at = optionsAt(rule, start)
  if (at === -1) return { exception, pattern: rule.slice(start), options: undefined }
  return { exception, pattern: rule.slice(start, at), options: splitOptions(rule.slice(at + 1)) }
}

/** Writes a rule again; without options it has no `$`. */
export function writeAdblockRule(exception: boolean, pattern: string, options: readonly RuleOption[] = []): string {
  const start = exception ? `@@${pattern}` : pattern
  if (options.length === 0) return start
  return `${start}$${options.map(({ name, value }) => (value === '' ? name : `${name}=${value}`)).join(',')}`
}
