import type { IncomingMessage } from 'node:http'
import { normalizeAddress } from './addresses.js'
import type { AddressSet } from './addresses.js'

/** What a request says of where it came from, believed as far as trusted proxies vouch for it. */
export interface Source {
  readonly ip: string
  readonly protocol: 'http' | 'https'
  /** As in `Host`. Undefined when there was none that can be used. */
  readonly host: string | undefined
}

/** More hops than any sensible chain of proxies has; what is left of these is not looked at. */
const MAX_HOPS = 20
const HOST = /^(\[[0-9a-fA-F:.]+\]|[a-zA-Z0-9._-]+)(:\d{1,5})?$/

/**
 * Finds the client behind trusted proxies. `X-Forwarded-For` is read from right to left: each proxy adds the address that it saw, so the
 * first one that is not a trusted proxy is the client; what stands left of it the client may have made up. `X-Forwarded-Proto` and
 * `X-Forwarded-Host` count only when the peer itself is trusted.
 */
export function sourceOf(request: IncomingMessage, trusted: AddressSet): Source {
  const peer = normalizeAddress(request.socket.remoteAddress ?? '') ?? '0.0.0.0'
  const host = usableHost(request.headers.host)
  if (!trusted.has(peer)) return { ip: peer, protocol: 'http', host }
  return {
    ip: clientBehind(peer, request.headers['x-forwarded-for'], trusted),
    protocol: last(request.headers['x-forwarded-proto']) === 'https' ? 'https' : 'http',
    host: usableHost(last(request.headers['x-forwarded-host'])) ?? host,
  }
}

function clientBehind(peer: string, header: string | string[] | undefined, trusted: AddressSet): string {
  const hops = (Array.isArray(header) ? header.join(',') : (header ?? '')).split(',').slice(-MAX_HOPS)
  let client = peer
  for (const hop of hops.toReversed()) {
    const address = normalizeAddress(hop.trim())
    // A hop that can't be read ends the chain of trust: the proxy before it is as far as we know.
    if (address === undefined) return client
    client = address
    if (!trusted.has(address)) return client
  }
  return client
}

function last(header: string | string[] | undefined): string | undefined {
  const text = Array.isArray(header) ? header.join(',') : header
  return text?.split(',').at(-1)?.trim()
}

function usableHost(host: string | undefined): string | undefined {
  return host !== undefined && HOST.test(host) ? host : undefined
}
