import type { LookupFunction } from 'node:net'
import { buildConnector } from 'undici'
import type { AddressRules } from './address-rules.js'
import { blockedAddress, literalAddress } from './allowed-host.js'
import type { Resolve } from './resolve.js'

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
