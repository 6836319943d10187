import ipaddr from 'ipaddr.js'

type Address = ipaddr.IPv4 | ipaddr.IPv6

/** A set of addresses: CIDR ranges and single addresses, v4 and v6. */
export interface AddressSet {
  has(ip: string): boolean
}

/**
 * Reads a list of addresses and CIDR ranges, such as `10.0.0.0/8`, `::1` and `2001:db8::/32`. `loopback` stands for this machine, `private`
 * for RFC 1918 and RFC 4193.
 *
 * @throws Error that names the entry which is neither
 */
export function parseAddressSet(entries: readonly string[]): AddressSet {
  const ranges = withoutNames(entries).map(parseRange)
  return {
    has(ip) {
      const address = parseAddress(ip)
      return address !== undefined && ranges.some(([base, bits]) => base.kind() === address.kind() && address.match(base, bits))
    },
  }
}

/** The same list with the ranges that `loopback` and `private` stand for in their place. */
export function withoutNames(entries: readonly string[]): string[] {
  return entries.flatMap((entry) => NAMED_RANGES[entry] ?? [entry])
}

const NAMED_RANGES: Readonly<Record<string, readonly string[]>> = {
  loopback: ['127.0.0.0/8', '::1'],
  private: ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', 'fc00::/7'],
}

function parseRange(entry: string): [Address, number] {
  const slash = entry.indexOf('/')
  const address = parseAddress(slash === -1 ? entry : entry.slice(0, slash))
  const most = address?.kind() === 'ipv4' ? 32 : 128
  const bits = slash === -1 ? most : Number(entry.slice(slash + 1))
  if (address === undefined || !Number.isInteger(bits) || bits < 0 || bits > most || /\/\D*$/.test(entry)) {
    throw new Error(`"${entry}" is neither an address nor a CIDR range (like 10.0.0.0/8 or ::1).`)
  }
  return [address, bits]
}

/** An address; IPv4 that comes as IPv6 (`::ffff:10.0.0.1`) is IPv4. Undefined when it is none. */
function parseAddress(ip: string): Address | undefined {
  if (!ipaddr.isValid(ip) || (!ip.includes(':') && !ipaddr.IPv4.isValidFourPartDecimal(ip))) return undefined
  return ipaddr.process(ip)
}

/** The one way of writing an address; undefined when it is none. A zone (`%eth0`) is dropped. */
export function normalizeAddress(ip: string): string | undefined {
  return parseAddress(ip.split('%', 1)[0] ?? '')?.toString()
}

/**
 * The key under which an address is counted: the address itself, but for IPv6 its /64, because whoever has one IPv6 address
 * commonly has that many.
 */
export function countingKey(ip: string): string {
  const address = parseAddress(ip)
  if (address === undefined || address.kind() === 'ipv4') return ip
  return `${(address as ipaddr.IPv6).parts
    .slice(0, 4)
    .map((part) => part.toString(16))
    .join(':')}::/64`
}
