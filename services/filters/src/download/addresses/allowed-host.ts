import { isIP } from 'node:net'
import { DownloadError } from '../errors.js'
import type { AddressRules } from './address-rules.js'

/** Refuses a host that is written as an address which is not allowed; a name is checked when it is resolved. */
export function assertAllowedHost(hostname: string, rules: AddressRules): void {
  const literal = literalAddress(hostname)
  if (literal !== undefined && !rules.allows(literal)) throw blockedAddress(hostname)
}

/** The address that a host is written as; undefined: it is a name. */
export function literalAddress(hostname: string): string | undefined {
  const plain = hostname.replace(/^\[(.*)\]$/, '$1')
  return isIP(plain) === 0 ? undefined : plain
}

/** Says nothing of the address itself: that would show names of an inner network to anyone who asks. */
export function blockedAddress(hostname: string): DownloadError {
  return new DownloadError(
    'BLOCKED_ADDRESS',
    `"${hostname}" leads to an address that is not public. Use a public source, or put the address on the list of those that are allowed.`,
  )
}
