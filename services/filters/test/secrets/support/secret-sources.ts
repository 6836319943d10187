import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Configuration } from '@headway/filters/compiler'
import { onTestFinished } from 'vitest'

/** What must be found nowhere. */
export const SECRET = 'hunter2'

/** A server of lists, some of which are no good, for whoever has a password. Gives `host:port`. */
export async function startSecretLists(): Promise<string> {
  const bodies: Readonly<Record<string, string>> = {
    '/ok': '||a^\n',
    '/cycle.txt': '||a^\n!#include cycle.txt\n',
    '/includes': '||a^\n!#include sub/ok\n',
    '/sub/ok': '||b^\n',
    '/missing': '||a^\n!#include none.txt\n',
    '/else': '!#endif\n',
    '/away': '!#include https://elsewhere.example/x\n',
    '/bad-include': '!#include http://[\n',
    '/patterns': '||a^\n',
    '/empty': '',
  }
  const server = createServer((request, response) => {
    const body = bodies[new URL(request.url ?? '', 'http://x').pathname]
    if (body === undefined) response.writeHead(404).end(`no ${SECRET}`)
    else if (request.headers.authorization === undefined && !(request.url ?? '').includes('token')) response.writeHead(401).end()
    else response.writeHead(200, { 'content-type': 'text/plain' }).end(body)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.close()
    server.closeAllConnections()
  })
  return `127.0.0.1:${(server.address() as AddressInfo).port}`
}

const one = (source: string): Configuration => ({ name: 'N', sources: [{ source }] })
const plain = (host: string, path: string): string => `http://bob:${SECRET}@${host}${path}`

/** Configurations with secrets, by what is special in them; each for the lists at `host`. */
export const SECRET_CONFIGURATIONS: readonly (readonly [what: string, make: (host: string) => Configuration])[] = [
  ['the plain form', (host) => one(plain(host, '/ok'))],
  ['a value of the query', (host) => one(`http://${host}/ok?token=${SECRET}`)],
  ['a fragment', (host) => one(`${plain(host, '/ok')}#${SECRET}`)],
  ['a space before it', (host) => one(` ${plain(host, '/ok')}`)],
  ['a tab before it', (host) => one(`\t${plain(host, '/ok')}`)],
  ['a space that URLs do not know', (host) => one(`\u00a0${plain(host, '/ok')}`)],
  ['a tab in its scheme', (host) => one(`ht\ttp://bob:${SECRET}@${host}/ok`)],
  ['unusual characters', (host) => one(`http://bob:${SECRET}^"\\|@${host}/ok`)],
  ['unusual characters and a circle of includes', (host) => one(`http://bob:${SECRET}^@${host}/cycle.txt`)],
  ['no slashes', (host) => one(`http:bob:${SECRET}@${host}/cycle.txt`)],
  ['backslashes', (host) => one(`http:\\\\bob:${SECRET}@${host}\\ok`)],
  ['capitals', (host) => one(`HTTP://bob:${SECRET}@${host}/ok`)],
  ['includes', (host) => one(plain(host, '/includes'))],
  ['an include that is missing', (host) => one(plain(host, '/missing'))],
  ['an include elsewhere', (host) => one(plain(host, '/away'))],
  ['an include that is no address', (host) => one(plain(host, '/bad-include'))],
  ['a directive that is none', (host) => one(plain(host, '/else'))],
  ['an empty list', (host) => one(plain(host, '/empty'))],
  ['a list that is not there', (host) => one(plain(host, '/none'))],
  ['a server that is not there', () => one(`http://bob:${SECRET}@127.0.0.1:1/`)],
  ['an address that is not allowed', () => one(`http://bob:${SECRET}@10.0.0.1/?${SECRET}`)],
  ['another scheme', () => one(`ftp://bob:${SECRET}@example.org/`)],
  ['a mistyped scheme', () => one(`htps:bob:${SECRET}@example.org/`)],
  ['no scheme', () => one(`bob:${SECRET}@example.org/`)],
  ['slashes alone', () => one(`//bob:${SECRET}@example.org/`)],
  ['no valid host', () => one(`http://bob:${SECRET}@exa mple/?${SECRET}`)],
  ['no valid host and no slashes', () => one(`http:bob:${SECRET}@exa mple/`)],
  ['a name that is the address', (host) => ({ name: 'N', sources: [{ source: plain(host, '/ok'), name: plain(host, '/ok') }] })],
  [
    'the same list twice, with transformations',
    (host) => ({
      name: 'N',
      sources: ['a', 'b'].map((user) => ({ source: `http://${user}:${SECRET}@${host}/ok`, transformations: ['Compress' as const] })),
    }),
  ],
  [
    'files of patterns of a source',
    (host) => ({ name: 'N', sources: [{ source: plain(host, '/ok'), exclusions_sources: [plain(host, '/patterns')] }] }),
  ],
  [
    'a file of patterns that is not there',
    (host) => ({ name: 'N', sources: [{ source: plain(host, '/ok') }], inclusions_sources: [plain(host, '/none')] }),
  ],
]

/** A text without what a list may say of its sources. */
export function besidesSourceLines(text: string): string {
  return text
    .split(/\n|(?<!\\)\\n|","/)
    .filter((line) => !line.startsWith('! Source'))
    .join('\n')
}
