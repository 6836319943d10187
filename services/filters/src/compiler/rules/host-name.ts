import { parse } from 'tldts'

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
  if (found.hostname === null || found.hostname === '') return false
  if (found.isIp === true) return rules.allowIp
  if (found.publicSuffix !== found.hostname) return true
  return rules.suffixes === 'any' || (rules.suffixes === 'icann' && found.isIcann === true)
}

/** True for what looks like an IPv4 address to the public-suffix library: it doesn't check that its parts are at most 255. */
export function looksLikeIp(text: string): boolean {
  const first = text.charCodeAt(0)
  return first >= 48 && first <= 57 && parse(text).isIp === true
}
