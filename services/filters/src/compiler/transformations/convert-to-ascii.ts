import { domainToASCII } from 'node:url'
import { optionsAt } from '../rules/adblock-rule.js'
import { isComment } from '../rules/comment.js'
import { isAlphanumeric } from '../rules/domain-name.js'
import { isHostsRule } from '../rules/hosts-rule.js'
import { isSpace } from '../rules/white-space.js'
import { mapLines } from './transformation.js'
import type { Steps } from './transformation.js'

const NOT_ASCII = /[^\0-\x7F]/
const ASTERISK = 42
const DOT = 46
const SLASH = 47
const QUESTION_MARK = 63
const HYPHEN = 45
const UNDERSCORE = 95
/** No name is longer; encoding takes time that grows with the square of it. */
const MAX_NAME_LENGTH = 1_000

/**
 * Writes every name with other than ASCII letters in punycode: those of the pattern's host, of hosts rules and of options. Paths, regular
 * expressions and cosmetic text stay as they are.
 */
export function convertToAscii(lines: string[]): Steps {
  return mapLines(lines, (line) => (NOT_ASCII.test(line) && !isComment(line) ? convertRule(line) : line))
}

function convertRule(line: string): string {
  if (isHostsRule(line)) return convertNames(line)
  const start = line.startsWith('@@') ? 2 : 0
  if (line.charCodeAt(start) === SLASH && line.length > start + 1 && line.trimEnd().endsWith('/')) return line
  const dollar = optionsAt(line, start)
  const pattern = dollar === -1 ? line : line.slice(0, dollar)
  const options = dollar === -1 ? '' : convertNames(line.slice(dollar))
  return convertPattern(pattern, start) + options
}

/** White space ends a path: in an odd line there may be names after it. */
function convertPattern(pattern: string, start: number): string {
  const end = hostEnd(pattern, start)
  const code = pattern.charCodeAt(end)
  const space = code === SLASH || code === QUESTION_MARK ? pattern.slice(end).search(/\s/u) : -1
  const rest = space === -1 ? pattern.slice(end) : pattern.slice(end, end + space) + convertPattern(pattern.slice(end + space), 0)
  return convertNames(pattern.slice(0, end)) + rest
}

/** Where the part of a pattern that can hold host names ends: at a path, a query, or the marker of a cosmetic rule. */
function hostEnd(pattern: string, start: number): number {
  const scheme = pattern.indexOf('//', start)
  const from = scheme !== -1 && !/[/?#]/u.test(pattern.slice(start, scheme)) ? scheme + 2 : start
  const end = pattern.slice(from).search(/[/?#]|\$\$/u)
  return end === -1 ? pattern.length : from + end
}

/** Converts every dotted name with other than ASCII letters; one that is no valid name stays as it is. */
function convertNames(text: string): string {
  let output = ''
  let copied = 0
  let at = 0
  while (at < text.length) {
    const from = at
    let isForeign = false
    let firstDot = -1
    for (; at < text.length; at++) {
      const code = text.charCodeAt(at)
      if (!isNameCode(code)) break
      if (code > 127) isForeign = true
      else if (code === DOT && at > from && firstDot === -1) firstDot = at
    }
    const isDotted = firstDot !== -1 && firstDot < at - 1
    if (isForeign && isDotted && at - from <= MAX_NAME_LENGTH) {
      const ascii = toAscii(text.slice(from, at))
      if (ascii !== '') {
        output += text.slice(copied, from) + ascii
        copied = at
      }
    }
    at++
  }
  return copied === 0 ? text : output + text.slice(copied)
}

/** Empty for what has no form in ASCII, and where a wildcard stands for a part of a label that would have to be encoded. */
function toAscii(name: string): string {
  if (name.includes('*') && name.split('.').some((label) => label.includes('*') && label !== '*')) return ''
  return domainToASCII(name)
}

function isNameCode(code: number): boolean {
  if (code > 127) return !isSpace(code)
  return isAlphanumeric(code) || code === DOT || code === HYPHEN || code === UNDERSCORE || code === ASTERISK
}
