import { inspect } from 'node:util'
import { sanitizeUrl } from '@headway/filters/download'
import { expect, test } from 'vitest'
import { downloader, LIST, temporaryFolder, watch } from './support/downloads.js'
import { serve } from './support/source-server.js'

test.each([
  ['https://example.org/a.txt', 'https://example.org/a.txt'],
  ['https://me:pass@example.org:8443/a.txt#key', 'https://example.org:8443/a.txt'],
  ['https://example.org/?token=abc&sig=x%20y', 'https://example.org/?token=***&sig=***'],
  [
    'https://example.org/s.php?hostformat=hosts&showintro=0&mimetype=plaintext',
    'https://example.org/s.php?hostformat=hosts&showintro=0&mimetype=plaintext',
  ],
  ['https://example.org/?raw=true&x=1&y=', 'https://example.org/?raw=true&x=1&y='],
  ['https://example.org/?0123456789abcdef', 'https://example.org/?***'],
  ['https://example.org/?raw&=abc&a=b=c', 'https://example.org/?raw&=***&a=***'],
  [`https://example.org/?format=${'a'.repeat(40)}`, 'https://example.org/?format=***'],
  [`https://example.org/${'a'.repeat(3000)}`, `https://example.org/${'a'.repeat(2028)}…`],
  ['lists/a@b?.txt', 'lists/a@b?.txt'],
  ['https://me:p/a@ss@exa mple/a?token=abc', 'https://exa mple/a?***'],
  ['https://me:pass@', 'https://'],
  ['file:///etc/passwd', 'file:///etc/passwd'],
  [' https://me:pass@example.org/a.txt', 'https://example.org/a.txt'],
  ['\u00a0\u0001https://me:pass@exa mple/', 'https://exa mple/'],
  ['ht\ttp://me:pa\nss@exa mple/', 'http://exa mple/'],
  ['http:me:pass@example.org/a.txt', 'http://example.org/a.txt'],
  ['http:me:pass@exa mple/a.txt', 'http:exa mple/a.txt'],
  ['http:\\\\me:pass@exa mple\\a.txt', 'http:\\\\exa mple\\a.txt'],
  ['htps:me:pass@example.org/a.txt', 'htps:example.org/a.txt'],
  ['//me:pass@example.org/a.txt', '//example.org/a.txt'],
  ['me:pass@example.org/a.txt', 'me:example.org/a.txt'],
  ['C:\\lists\\a@b.txt', 'C:\\lists\\a@b.txt'],
  ['C:/lists/a@b.txt', 'C:/lists/a@b.txt'],
  [' a list ', ' a list '],
])('%.60s is shown without its secrets', (source, shown) => {
  expect(sanitizeUrl(source)).toBe(shown)
})

test.each([200, 301, 404, 500])('whatever happens (status %i), no event and no error shows a secret', async (status) => {
  const server = await serve((request, response) => {
    if (status === 301 && request.url !== '/end?token=hidden') response.writeHead(301, { location: '/end?token=hidden' }).end()
    else response.writeHead(status === 301 ? 200 : status, { location: '/x?hidden', 'x-a': 'hidden' }).end(LIST)
  })
  const from = downloader({ folder: await temporaryFolder(), retries: 1, breakerFailures: 1 })
  const source = `${server.url.replace('//', '//user-hidden:pass-hidden@')}/a?token=hidden&hidden#hidden`
  const watched = await watch(from, source)
  expect(watched.events.length).toBeGreaterThan(0)
  expect(inspect([watched.events, watched.error], { depth: 20, showHidden: true })).not.toContain('hidden')
})

test.each([
  'http://user:hidden@',
  'http://user:hidden@exa mple/',
  'ftp://user:hidden@example.org/?hidden',
  'http://user:hidden@127.0.0.9/?hidden',
])('nor does what is refused before it is asked: %#', async (source) => {
  const { error, events } = await watch(downloader(), source)
  expect(error).toBeDefined()
  expect(inspect([error, events], { depth: 20, showHidden: true })).not.toContain('hidden')
})
