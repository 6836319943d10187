import { createRequire } from 'node:module'
import type * as Tldts from 'tldts'
import { MAX_LABEL_LENGTH, MAX_NAME_LENGTH } from './domain-name.js'
import { isBelowSuffixes } from './suffix-length.js'

// The library is CommonJS: `import` first reads all of its 200 KB for the names that it exports, which takes 0.1 s more than `require`.
const { getPublicSuffix, parse } = createRequire(import.meta.url)('tldts') as typeof Tldts

const DOT = 46
const HYPHEN = 45
const LETTER_OR_DIGIT = /[A-Za-z0-9]/u
/** For names that are known to be nothing else. */
const PLAIN = { extractHostname: false, validateHostname: false, detectIp: false }

/** What the validating transformations let through besides ordinary names. */
export interface HostNameRules {
  readonly allowIp: boolean
  /** `icann`: names that are ICANN public suffixes; `any`: every public suffix, as the options that limit a rule permit; `none`. */
  readonly suffixes: 'none' | 'icann' | 'any'
}

/**
 * True for what may be blocked as a name: a host name that is no address (unless allowed) and not itself a public suffix (unless allowed).
 * Private suffixes (`github.io`) are names like others.
 */
export function isHostName(name: string, rules: HostNameRules): boolean {
  if (isPlainName(name, 0, name.length)) return isPlainHostName(name, 0, name.length, rules)
  const found = parse(name)
  if (found.hostname === null || !LETTER_OR_DIGIT.test(found.hostname)) return false
  if (found.isIp === true) return rules.allowIp
  return found.publicSuffix !== found.hostname || allowsSuffix(rules, found.isIcann === true)
}

/** {@link isHostName} for a part of a text that {@link isPlainName} says yes to. */
export function isPlainHostName(text: string, from: number, to: number, rules: HostNameRules): boolean {
  if (isBelowSuffixes(text, from, to)) return true
  const name = text.slice(from, to)
  return getPublicSuffix(name, PLAIN) !== name || allowsSuffix(rules, parse(name).isIcann === true)
}

/**
 * True for nearly every name in real lists: labels of lower-case letters, digits and hyphens that end in a letter, so that it is neither an
 * address nor anything that has to be taken apart first.
 */
export function isPlainName(text: string, from: number, to: number): boolean {
  if (to - from > MAX_NAME_LENGTH || to === from) return false
  let labelStart = from
  let code = HYPHEN
  for (let at = from; at < to; at++) {
    const previous = code
    code = text.charCodeAt(at)
    if (code >= 97 && code <= 122) continue
    if (code >= 48 && code <= 57) continue
    if (code === HYPHEN) {
      if (at === labelStart) return false
    } else if (code === DOT) {
      if (at === labelStart || previous === HYPHEN || at - labelStart > MAX_LABEL_LENGTH) return false
      labelStart = at + 1
    } else return false
  }
  return code >= 97 && code <= 122 && to - labelStart <= MAX_LABEL_LENGTH
}

/** True for a public suffix, written as in the list of them, that the rules don't allow. */
export function isPublicSuffix(name: string, rules: HostNameRules): boolean {
  const found = parse(name)
  return found.publicSuffix === name && !allowsSuffix(rules, found.isIcann === true)
}

function allowsSuffix({ suffixes }: HostNameRules, isIcann: boolean): boolean {
  return suffixes === 'any' || (suffixes === 'icann' && isIcann)
}

/** True for what looks like an IPv4 address to the public-suffix library: it doesn't check that its parts are at most 255. */
export function looksLikeIp(text: string): boolean {
  const first = text.charCodeAt(0)
  return first >= 48 && first <= 57 && parse(text).isIp === true
}
