import { expect, test } from 'vitest'
import { createAddressRules } from '../../src/download/addresses/address-rules.js'

const none = createAddressRules([])

test.each([
  ['unspecified', '0.0.0.0', '0.1.2.3', '::'],
  ['loopback', '127.0.0.1', '127.255.255.254', '::1'],
  ['private', '10.0.0.1', '172.16.0.1', '172.31.255.255', '192.168.1.1', 'fc00::1', 'fd00:ec2::254'],
  ['link-local', '169.254.169.254', 'fe80::1', 'fe80::1%eth0', 'febf::1'],
  ['carrier-grade NAT', '100.64.0.1', '100.127.255.255', '100.100.100.200'],
  ['multicast and broadcast', '224.0.0.1', '239.255.255.255', '255.255.255.255', 'ff02::1'],
  ['reserved', '192.0.0.1', '192.0.2.1', '198.18.0.1', '198.51.100.1', '203.0.113.9', '240.0.0.1', '2001:db8::1', '100::1', 'fec0::1'],
  ['IPv4-mapped', '::ffff:127.0.0.1', '::ffff:10.0.0.1', '::ffff:a9fe:a9fe'],
  ['IPv4-compatible', '::127.0.0.1', '::7f00:1'],
  ['NAT64', '64:ff9b::10.0.0.1', '64:ff9b::7f00:1', '64:ff9b:1::8.8.8.8'],
  ['6to4 and Teredo', '2002:7f00:1::1', '2002:a00:1::1', '2001:0:4136:e378:8000:63bf:3fff:fdd2'],
  ['a machine under its cloud', '168.63.129.16'],
  ['no address', '', 'localhost', '1', '127.1', '0x7f000001', '1.2.3.4.5', '1.2.3.4/32'],
])('%s is not connected to', (_name, ...addresses) => {
  expect(addresses.filter((address) => none.allows(address))).toEqual([])
})

test('public addresses are connected to, also inside of others', () => {
  const addresses = ['8.8.8.8', '185.199.108.133', '2606:4700::6810:84e5', '::ffff:8.8.8.8', '64:ff9b::8.8.8.8', '2002:808:808::1']
  expect(addresses.filter((address) => !none.allows(address))).toEqual([])
})

test("one's own network is what the list says, not more", () => {
  const rules = createAddressRules(['10.1.0.0/16', '::1', 'fd00::/64'])
  const inside = ['10.1.2.3', '::ffff:10.1.2.3', '64:ff9b::10.1.2.3', '::1', 'fd00::5']
  const outside = ['10.2.0.1', '127.0.0.1', 'fd00:0:0:1::1', '::ffff:10.2.0.1', '::2']
  expect(inside.filter((address) => !rules.allows(address))).toEqual([])
  expect(outside.filter((address) => rules.allows(address))).toEqual([])
})

test.each(['10.0.0.0/33', '::/129', 'localhost', '10.0.0.0/', '10.0.0/8', '10.0.0.0/x', '/8', ''])(
  '%j is no entry of the list',
  (entry) => {
    expect(() => createAddressRules([entry])).toThrow(`allowAddresses: "${entry}" is neither an address nor a CIDR range`)
  },
)
