import { expect, test } from 'vitest'
import { onceForTests } from '../../../../test/support/for-tests.js'
import { serve } from '../download/support/source-server.js'
import { configurationOf } from '../support/start.js'
import { expectFailure, expectRefused, startForMany } from './support/outcomes.js'

const shared = onceForTests((atEnd) => startForMany({ atEnd, allowAddresses: [] }))

test.each([
  ['loopback', 'http://127.0.0.1/'],
  ['loopback in octal', 'http://0177.0.0.1/'],
  ['loopback mapped into IPv6', 'http://[::ffff:127.0.0.1]/'],
  ['loopback behind NAT64', 'http://[64:ff9b::7f00:1]/'],
  ['a private address', 'http://192.168.1.1/'],
  ['a link-local address', 'http://169.254.169.254/latest/meta-data/'],
])('%s is refused', async (_, source) => {
  const failure = { status: 422, code: 'BLOCKED_ADDRESS', says: 'not public' }
  await expectFailure(shared(), { configuration: configurationOf('Inside', source) }, failure)
})

test.each([
  ['one private address', ['127.0.0.1']],
  ['a public and a private one', ['93.184.215.14', '10.0.0.1']],
])('a name that resolves to %s is refused, and nobody is asked', async (_, addresses) => {
  const source = await serve((_request, response) => response.end('||example.org^'))
  const resolve = () =>
    Promise.resolve(addresses.map((address) => ({ address, family: address.includes(':') ? (6 as const) : (4 as const) })))
  const server = await startForMany({ allowAddresses: [], downloads: { retries: 0, resolve } })
  const failure = { status: 422, code: 'BLOCKED_ADDRESS', says: 'lists.example' }
  await expectFailure(server, { configuration: configurationOf('Name', `http://lists.example:${source.port}/`) }, failure)
  expect(source.requests).toHaveLength(0)
})

test.each([
  ['file:///etc/passwd', 'UNSUPPORTED_SCHEME'],
  ['ftp://example.org/list', 'UNSUPPORTED_SCHEME'],
  ['data:text/plain,||example.org^', 'UNSUPPORTED_SCHEME'],
  ['/etc/passwd', 'LOCAL_PATH_REFUSED'],
  ['C:\\list.txt', 'LOCAL_PATH_REFUSED'],
  ['http://[oops/', 'INVALID_URL'],
])('the source %s is refused', async (source, code) => {
  const json = { configuration: configurationOf('Elsewhere', source) }
  await expectRefused(shared(), json, { code, pointer: '/configuration/sources/0/source' })
})
