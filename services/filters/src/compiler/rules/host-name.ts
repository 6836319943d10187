import { parse } from 'tldts'

const LETTER_OR_DIGIT = /[a-z0-9]/iu

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
  const found = parse(name)
  if (found.hostname === null || !LETTER_OR_DIGIT.test(found.hostname)) return false
  if (found.isIp === true) return rules.allowIp
  return found.publicSuffix !== found.hostname || allowsSuffix(rules, found.isIcann === true)
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
