import { lookup as systemLookup } from 'node:dns/promises'
import { isIP, type LookupFunction } from 'node:net'
import { buildConnector } from 'undici'
import { DownloadError } from '../errors.js'
import type { AddressRules } from './address-rules.js'

/** One address of a name. */
export interface ResolvedAddress {
  readonly address: string
  readonly family: 4 | 6
}

/** Gives every address of a name; rejects with an error that has a `code` (`ENOTFOUND`, `EAI_AGAIN`). */
export type Resolve = (hostname: string) => Promise<readonly ResolvedAddress[]>

/** The system's own way to resolve names, its hosts file included. */
export const systemResolve: Resolve = async (hostname) => {
  const found = await systemLookup(hostname, { all: true, order: 'verbatim' })
  return found.map(({ address, family }) => ({ address, family: family === 6 ? 6 : 4 }))
}

/**
 * Makes connections for undici, only to addresses that the rules allow. The socket connects to the very addresses that were checked: between
 * the check and the connection no second look-up happens that could answer otherwise (DNS rebinding). One address that is not allowed
 * condemns the name, whatever else it resolves to.
 */
export function createCheckedConnector(rules: AddressRules, resolve: Resolve, timeoutMs: number): buildConnector.connector {
  const lookup: LookupFunction = (hostname, options, answer) => {
    resolve(hostname)
      .then((addresses) => {
        if (addresses.length === 0) throw Object.assign(new Error('The name has no address.'), { code: 'ENOTFOUND' })
        if (!addresses.every(({ address }) => rules.allows(address))) throw blockedAddress(hostname)
        return addresses
      })
      .then(
        (addresses) => {
          const [first] = addresses
          if (options.all === true) answer(null, [...addresses])
          else answer(null, first?.address ?? '', first?.family)
        },
        (error: NodeJS.ErrnoException) => answer(error, ''),
      )
  }
  // Node looks an address up by itself when the name is one already, so `lookup` never sees it.
  const connect = buildConnector({ lookup, timeout: timeoutMs, allowH2: false, autoSelectFamily: true })
  return (target, done) => {
    const literal = literalAddress(target.hostname)
    if (literal !== undefined && !rules.allows(literal)) done(blockedAddress(target.hostname), null)
    else connect(target, done)
  }
}

/** Refuses a host that is written as an address which is not allowed; a name is checked when it is resolved. */
export function assertAllowedHost(hostname: string, rules: AddressRules): void {
  const literal = literalAddress(hostname)
  if (literal !== undefined && !rules.allows(literal)) throw blockedAddress(hostname)
}

function literalAddress(hostname: string): string | undefined {
  const plain = hostname.replace(/^\[(.*)\]$/, '$1')
  return isIP(plain) === 0 ? undefined : plain
}

/** Says nothing of the address itself: that would show names of an inner network to anyone who asks. */
function blockedAddress(hostname: string): DownloadError {
  return new DownloadError(
    'BLOCKED_ADDRESS',
    `"${hostname}" leads to an address that is not public. Use a public source, or put the address on the list of those that are allowed.`,
  )
}
