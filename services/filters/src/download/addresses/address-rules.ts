import { networkInterfaces } from 'node:os'
import ipaddr from 'ipaddr.js'

type Address = ipaddr.IPv4 | ipaddr.IPv6
type Range = readonly [base: Address, bits: number]

/** Decides which addresses a download may connect to. */
export interface AddressRules {
  /** Whether `address` (IPv4 or IPv6, a zone is ignored) may be connected to. What is no address may not. */
  allows(address: string): boolean
}

/** An address of the machine itself on a cloud, although it is in a public range: Azure's own services answer there. */
const AZURE_HOST = '168.63.129.16'
const GLOBAL_UNICAST: Range = [ipaddr.parse('2000::'), 3]
const NAT64: Range = [ipaddr.parse('64:ff9b::'), 96]

/**
 * The rules of DESIGN.md, section Security: only public unicast addresses, and of those none that belongs to this machine; besides them what
 * the operator's list names. An IPv4 address inside of an IPv6 one (mapped, NAT64, 6to4) is judged as that IPv4 address.
 *
 * @param allowed addresses and CIDR ranges of one's own network, such as `10.1.0.0/16` or `::1`
 * @throws TypeError that names the entry which is neither
 */
export function createAddressRules(allowed: readonly string[]): AddressRules {
  const ranges = allowed.map(parseRange)
  const listed = (address: Address) => ranges.some((range) => within(address, range))
  return {
    allows(text) {
      const address = parseAddress(text)
      if (address === undefined) return false
      const inner = embedded(address)
      if (listed(address) || (inner !== undefined && listed(inner))) return true
      return isPublic(inner ?? address) && !isOwn(address) && (inner === undefined || !isOwn(inner))
    },
  }
}

function parseRange(entry: string): Range {
  const slash = entry.lastIndexOf('/')
  const address = parseAddress(slash === -1 ? entry : entry.slice(0, slash))
  const most = address?.kind() === 'ipv4' ? 32 : 128
  const bits = slash === -1 ? most : /^\d{1,3}$/.test(entry.slice(slash + 1)) ? Number(entry.slice(slash + 1)) : -1
  if (address === undefined || bits < 0 || bits > most) {
    throw new TypeError(`allowAddresses: "${entry}" is neither an address nor a CIDR range (like 10.0.0.0/8 or ::1).`)
  }
  return [address, bits]
}

function parseAddress(text: string): Address | undefined {
  const plain = text.split('%', 1)[0] ?? ''
  if (ipaddr.IPv4.isValidFourPartDecimal(plain)) return ipaddr.IPv4.parse(plain)
  return plain.includes(':') && ipaddr.IPv6.isValid(plain) ? ipaddr.IPv6.parse(plain) : undefined
}

function within(address: Address, [base, bits]: Range): boolean {
  return address.kind() === base.kind() && address.match(base, bits)
}

/** The IPv4 address that an IPv6 address stands for, where it does. */
function embedded(address: Address): ipaddr.IPv4 | undefined {
  if (address.kind() === 'ipv4') return undefined
  const six = address as ipaddr.IPv6
  if (six.isIPv4MappedAddress()) return six.toIPv4Address()
  const bytes = six.toByteArray()
  if (within(six, NAT64)) return new ipaddr.IPv4(bytes.slice(12))
  return six.range() === '6to4' ? new ipaddr.IPv4(bytes.slice(2, 6)) : undefined
}

function isPublic(address: Address): boolean {
  return (
    address.range() === 'unicast' && address.toString() !== AZURE_HOST && (address.kind() === 'ipv4' || within(address, GLOBAL_UNICAST))
  )
}

/** A public address of this machine reaches its services from behind the firewall that guards them. */
function isOwn(address: Address): boolean {
  return Object.values(networkInterfaces()).some((list) =>
    list?.some((own) => parseAddress(own.address)?.toNormalizedString() === address.toNormalizedString()),
  )
}
