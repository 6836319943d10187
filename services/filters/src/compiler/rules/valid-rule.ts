import { isException, parseAdblockRule, writeAdblockRule } from './adblock-rule.js'
import type { AdblockRule } from './adblock-rule.js'
import { countDots, isAlphanumeric } from './domain-name.js'
import { everyHostsName, hasHostsName, hostsNamesStart } from './hosts-rule.js'
import { isHostName, isPlainHostName, isPlainName, isPublicSuffix, looksLikeIp } from './host-name.js'
import type { HostNameRules } from './host-name.js'
import { parseIpPattern } from './ip-pattern.js'
import { trimmed } from './white-space.js'

const ASTERISK = 42
const BAR = 124
const CARET = 94
const COLON = 58
const DOT = 46
const HYPHEN = 45
const SLASH = 47

/** Shorter patterns block too much, unless they name exactly one domain. */
const MIN_PATTERN_LENGTH = 5

/** What a rule needs to be worth taking apart: nothing but the characters of a pattern before its first `$`, unless it begins with `/` or `:`. */
const POSSIBLE = /^(?:@@)?(?:[/:]|[A-Za-z0-9.*|^-]*(?:\$|$))/

/** What a validating transformation allows. */
export interface ValidationRules {
  readonly allowIp: boolean
  readonly allowPublicSuffix: boolean
}

/** The options that DNS blocking knows; `limits` says that the option makes a rule for a whole public suffix harmless. */
const OPTIONS: ReadonlyMap<string, { readonly limits: boolean }> = new Map([
  ['important', { limits: false }],
  ['~important', { limits: false }],
  ['dnstype', { limits: false }],
  ['dnsrewrite', { limits: false }],
  ['ctag', { limits: false }],
  ['denyallow', { limits: true }],
  ['badfilter', { limits: true }],
  ['client', { limits: true }],
])

/** A trimmed rule whose address is written safely (`||ip^`); any other rule as it is. */
export function canonicalIpRule(rule: string): string {
  const first = rule.charCodeAt(isException(rule) ? 2 : 0)
  if (first !== BAR && !(first >= 48 && first <= 57)) return rule
  const parsed = parseAdblockRule(rule)
  if (parsed === undefined) return rule
  const ip = parseIpPattern(parsed.pattern)
  if (ip === undefined || ip.kind === 'ambiguous' || ip.canonical === parsed.pattern) return rule
  return writeAdblockRule(parsed.exception, ip.canonical, parsed.options)
}

/** A check of lines that are neither blank nor comments: true for one that blocks names safely. */
export function ruleCheck(rules: ValidationRules): (line: string) => boolean {
  const names: HostNameRules = { allowIp: rules.allowIp, suffixes: rules.allowPublicSuffix ? 'icann' : 'none' }
  const limited: HostNameRules = { allowIp: rules.allowIp, suffixes: 'any' }
  const isName = (line: string, from: number, to: number): boolean => isHostName(line.slice(from, to), names)
  return (line) => {
    const plain = plainNameStart(line)
    if (plain !== -1) return isPlainHostName(line, plain, line.length - 1, names)
    const start = hostsNamesStart(line)
    if (start !== -1) return hasHostsName(line, start) && everyHostsName(line, start, isName)
    const text = trimmed(line)
    if (!POSSIBLE.test(text)) return false
    const parsed = parseAdblockRule(text)
    if (parsed === undefined) return false
    const limits = readOptions(parsed)
    return limits !== 'unknown' && isValidPattern(parsed.pattern, limits === 'limits' ? limited : names)
  }
}

/** Where the name begins in `||name^` or `@@||name^`, which is what most rules are; -1 for any other rule. */
function plainNameStart(line: string): number {
  const last = line.length - 1
  if (last < 3 || line.charCodeAt(last) !== CARET) return -1
  const bars = isException(line) ? 2 : 0
  if (line.charCodeAt(bars) !== BAR || line.charCodeAt(bars + 1) !== BAR) return -1
  return isPlainName(line, bars + 2, last) ? bars + 2 : -1
}

function readOptions(rule: AdblockRule): 'unknown' | 'limits' | 'open' {
  let found: 'limits' | 'open' = 'open'
  for (const { name } of rule.options ?? []) {
    const known = OPTIONS.get(name)
    if (known === undefined) return 'unknown'
    if (known.limits) found = 'limits'
  }
  return found
}

function isValidPattern(pattern: string, rules: HostNameRules): boolean {
  const { length } = pattern
  const caret = pattern.indexOf('^')
  const exact = exactName(pattern, caret)
  if (length < MIN_PATTERN_LENGTH && exact === undefined) return false
  if (length > 1 && pattern.charCodeAt(0) === SLASH && pattern.charCodeAt(length - 1) === SLASH) return true
  const start = afterScheme(pattern)
  if (!hasOnlyPatternCharacters(pattern, start)) return false
  if (start === 0) {
    const ip = parseIpPattern(pattern)
    if (ip !== undefined) return ip.kind !== 'ambiguous' && rules.allowIp
  }
  if (!rules.allowIp && looksLikeIp(withoutAnchors(pattern, start))) return false
  const wildcard = pattern.indexOf('*')
  if (caret !== -1 && wildcard > caret) return false
  if (exact !== undefined) return isHostName(exact, rules)
  if (caret === -1 || pattern.charCodeAt(0) !== BAR || pattern.charCodeAt(1) !== BAR) return true
  const name = pattern.slice(2, caret)
  // A wildcard makes the name anything but a name; only one for a whole public suffix is refused.
  if (name.includes('*')) return !name.startsWith('*.') || name.includes('*', 2) || !isPublicSuffix(name.slice(2), rules)
  return (caret + 1 === length || pattern.charCodeAt(caret + 1) === BAR) && isHostName(name, rules)
}

/** Where a pattern goes on after a leading `://`. */
function afterScheme(pattern: string): number {
  if (pattern.charCodeAt(0) !== COLON || !pattern.startsWith('://')) return 0
  let at = 3
  while (pattern.charCodeAt(at) === COLON || pattern.charCodeAt(at) === SLASH) at++
  return at
}

function hasOnlyPatternCharacters(pattern: string, start: number): boolean {
  for (let at = start; at < pattern.length; at++) {
    const code = pattern.charCodeAt(at)
    if (isAlphanumeric(code)) continue
    if (code !== DOT && code !== HYPHEN && code !== ASTERISK && code !== BAR && code !== CARET) return false
  }
  return start < pattern.length
}

function withoutAnchors(pattern: string, start: number): string {
  let from = start
  let to = pattern.length
  while (from < start + 2 && pattern.charCodeAt(from) === BAR) from++
  if (pattern.charCodeAt(to - 1) === BAR && pattern.charCodeAt(to - 2) === CARET) to -= 2
  else if (pattern.charCodeAt(to - 1) === CARET) to--
  return pattern.slice(from, to)
}

/**
 * The name of a pattern that names exactly one domain: `||`, `*.` or `.` (or nothing), labels, `^` or `^|`. Undefined for any other pattern.
 */
function exactName(pattern: string, caret: number): string | undefined {
  if (caret === -1) return undefined
  const rest = pattern.length - caret
  if (rest > 2 || (rest === 2 && pattern.charCodeAt(caret + 1) !== BAR)) return undefined
  let from = pattern.charCodeAt(0) === BAR && pattern.charCodeAt(1) === BAR ? 2 : 0
  if (pattern.charCodeAt(from) === DOT) from++
  else if (pattern.charCodeAt(from) === ASTERISK && pattern.charCodeAt(from + 1) === DOT) from += 2
  // Of any length here: whether it is too long for a host name is asked later.
  return countDots(pattern, from, caret, caret) !== -1 ? pattern.slice(from, caret) : undefined
}
